"""A small question to a server, past the official client: what are you, are you well, how is this written?"""

from dataclasses import dataclass
from typing import Any

import httpx2

from tests.harness.core.http.limits import Limits
from tests.harness.core.http.open_response import BROKEN, UNREACHABLE, describe_error, open_response
from tests.harness.core.http.redactor import Redactor
from tests.harness.core.strict_json import strict_json

LARGEST = 4 * 1024 * 1024
"""Bytes of an answer: the longest lists of models are a tenth of it."""
OK = 200
_REDIRECTS = range(300, 400)


class NoAnswer(Exception):
    """No whole answer came; the message says why, in a line."""

    def __init__(self, why: str, *, unreachable: bool = False) -> None:
        """Make the error; `unreachable`: nobody took the connection."""
        super().__init__(why)
        self.unreachable = unreachable


@dataclass(frozen=True)
class Answered:
    """A whole answer, whatever it says."""

    status: int
    headers: dict[str, str]
    """Names in lower case; of equal names the last counts."""
    body: bytes

    @property
    def is_redirect(self) -> bool:
        """Return whether the server sends the client elsewhere. Nobody follows: the key is for this server alone."""
        return self.status in _REDIRECTS

    @property
    def text(self) -> str:
        """Return the body as text, undecodable bytes as U+FFFD."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body as JSON. Raises ValueError."""
        return strict_json(self.body.decode("utf-8"))


def ask(
    base_url: str,
    path: str,
    within_s: float,
    *,
    api_key: str | None = None,
    body: dict[str, Any] | None = None,
) -> Answered:
    """Send GET, or POST of `body`; ends within `within_s` seconds. Raises NoAnswer. Redirects are not followed.

    A server that repeats the key is not repeated: it is starred out of all that comes back.
    """
    redactor = Redactor(api_key)
    limits = Limits(max_bytes=LARGEST, total_s=within_s, silence_s=within_s)
    key = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    try:
        request = httpx2.Request(
            "GET" if body is None else "POST",
            f"{base_url}{path}",
            headers={"Accept": "application/json", "Connection": "close", **key},
            json=body,
        )
        return _answered(request, limits, redactor)
    except BROKEN as error:
        raise NoAnswer(
            redactor.text(describe_error(error)), unreachable=isinstance(error, UNREACHABLE)
        ) from error


def _answered(request: httpx2.Request, limits: Limits, redactor: Redactor) -> Answered:
    with open_response(
        request.method, str(request.url), request.headers.raw, request.read(), limits
    ) as answer:
        body = answer.body(limits.max_bytes)
        headers = {
            name.decode("latin-1").lower(): redactor.text(value.decode("latin-1"))
            for name, value in answer.headers
        }
        return Answered(answer.status, headers, redactor.data(body))
