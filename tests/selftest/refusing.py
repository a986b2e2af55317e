"""What a correct stand-in says to the bad requests of `tests/cases/bad/`: it knows them by heart, and refuses each."""

import json
from collections.abc import Mapping
from functools import cache

from tests.harness.cases.bad_requests import load_bad_requests
from tests.harness.core.records.bad_request import BadRequest
from tests.harness.suites.bad_requests.wording import content_of
from tests.selftest.faulty_servers.correct import Wire

CHAT = "/v1/chat/completions"
_JSON = "application/json"


def refusal(command: str, path: str, headers: Mapping[str, str], content: bytes, model: str) -> Wire | None:
    """The refusal of a request; None: there is nothing wrong with it, or it may be accepted."""
    if command != "POST":
        return _error(405, "the method is not allowed here")
    if path not in {CHAT, "/tokenize", "/v1/completions"}:
        return _error(404, f"there is no {path}")
    if headers.get("Content-Type", _JSON) != _JSON:
        return _error(415, "the body has to be application/json")
    bad = _known(model).get(content)
    if bad is None or bad.may_accept:
        return None
    return _error(bad.status or 400, f"wrong: {', '.join(bad.names) or 'the body'}")


@cache
def _known(model: str) -> dict[bytes, BadRequest]:
    """Those that any server is sent, by what goes over the wire."""
    found = [
        bad for bad in load_bad_requests() if bad.risk == "none" and bad.path == CHAT and not bad.headers
    ]
    return {content_of(bad, model): bad for bad in found if bad.key == "right"}


def _error(status: int, message: str) -> Wire:
    error = {"message": message, "type": "invalid_request_error"}
    return Wire(status, _JSON, (json.dumps({"error": error}).encode(),))
