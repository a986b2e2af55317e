"""From a bad request to what goes over the wire."""

import base64
import json
import shlex
from typing import Any

from tests.harness.cases.bad_requests import CHAT
from tests.harness.cases.load import CASES, load_tools
from tests.harness.core.records.bad_request import BadRequest
from tests.harness.core.records.deployment import Deployment
from tests.harness.suites.clients import messages, responses

QUESTION = "What time is it?"
ENOUGH = 64
"""Tokens for the answer to a good request."""
_SHOWN = 2000


def good_body(model: str, path: str = CHAT) -> dict[str, Any]:
    """Return a small request with nothing wrong in it, in the words of an address."""
    tool = load_tools(CASES / "tools.json")["get_current_time"]
    function, question = tool["function"], [{"role": "user", "content": QUESTION}]
    if path == messages.PATH:
        own = {"name": function["name"], "input_schema": function["parameters"]}
        return {"model": model, "messages": question, "tools": [own], "max_tokens": ENOUGH}
    if path == responses.PATH:
        own = {"type": "function", **function}
        return {"model": model, "input": question, "tools": [own], "max_output_tokens": ENOUGH}
    return {
        "model": model,
        "messages": question,
        "tools": [tool],
        "tool_choice": "auto",
        "temperature": 0,
        "seed": 0,
        "max_tokens": ENOUGH,
        "stream": False,
    }


def content_of(bad: BadRequest, model: str) -> bytes:
    """Return the body."""
    text = bad.body
    if text is None:
        body = {name: value for name, value in good_body(model, bad.path).items() if name not in bad.remove}
        text = json.dumps({**body, **(bad.set or {})}).encode()
    text = text.replace(b"{{model}}", json.dumps(model)[1:-1].encode())
    if bad.filler:
        unit, end, times = bad.filler
        text = text.replace(b"{{fill}}", unit.encode() * times).replace(b"{{end}}", end.encode() * times)
    return text


def repeatable_text(bad: BadRequest, content: bytes, model: str) -> str:
    """Return all that an answer may repeat: what the request says, and the name that the model is served under."""
    return "\n".join([bad.path, *bad.headers.values(), content.decode("utf-8", "replace"), model])


def headers_of(bad: BadRequest, deployment: Deployment, length: int) -> list[tuple[bytes, bytes]]:
    """Return the usual headers and the bad ones, the key as the request wants it."""
    headers = {
        "Host": deployment.base_url.split("/")[2],
        "Connection": "close",
        "Accept": "application/json",
        **({"Content-Type": "application/json", "Content-Length": str(length)} if length else {}),
        **_authorization(bad, deployment),
        **bad.headers,
    }
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _authorization(bad: BadRequest, deployment: Deployment) -> dict[str, str]:
    key = deployment.api_key
    if key is None or bad.key == "none":
        return {}
    if bad.key == "basic":
        return {"Authorization": "Basic " + base64.b64encode(b"user:word").decode()}
    return {"Authorization": "Bearer " + ("a-key-of-somebody-else" if bad.key == "wrong" else key)}


def by_hand(bad: BadRequest, content: bytes, deployment: Deployment) -> str:
    """Return the request as a command; a body that nobody can read or paste is named by its size."""
    words = ["curl", "-s", "-X", bad.method, "--path-as-is", f"{deployment.base_url}{bad.path}"]
    if bad.key == "right":
        words += ["-H", "Authorization: Bearer $XLAM_GATE_API_KEY"]
    for name, value in {"Content-Type": "application/json", **bad.headers}.items():
        words += ["-H", f"{name}: {value}"]
    if len(content) > _SHOWN or not content.isascii() or b"\0" in content:
        note = f"   ({len(content)} bytes: request {bad.id} of tests/cases/bad)"
        return shlex.join([*words, "--data-binary", "@body"]) + note
    command = shlex.join([*words, *(["-d", content.decode("ascii")] if content else [])])
    return command.replace(
        "'Authorization: Bearer $XLAM_GATE_API_KEY'", '"Authorization: Bearer $XLAM_GATE_API_KEY"'
    )
