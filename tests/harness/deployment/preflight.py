"""Ask a server that answers what it is, before a single case is sent. Every refusal is one clear sentence."""

from dataclasses import dataclass
from typing import Any

import httpx2

from tests.harness.deployment.contract import RunningServer
from tests.harness.deployment.kinds.http import KEY_VARIABLE
from tests.harness.records.errors import InfrastructureError

_ANSWER_S = 30.0
_FIRST_ANSWER_S = 120.0
_PROBE_TOOL = {
    "type": "function",
    "function": {"name": "probe", "parameters": {"type": "object", "properties": {}}},
}


@dataclass(frozen=True)
class ServerFacts:
    """What a server says about itself."""

    model: str
    vllm_version: str
    """`unknown` where the server has no `/version`."""


def look_at(server: RunningServer, wanted_model: str | None) -> ServerFacts:
    """Version and model of a server, proven to take tools. Raises InfrastructureError."""
    headers = {"Authorization": f"Bearer {server.api_key}"} if server.api_key else {}
    with httpx2.Client(
        base_url=server.base_url, headers=headers, trust_env=False, follow_redirects=False, timeout=_ANSWER_S
    ) as client:
        model = _one_model(_ask(client, "/v1/models"), server.base_url, wanted_model)
        _require_tools(client, model)
        return ServerFacts(model, _version(client))


def _ask(client: httpx2.Client, path: str) -> dict[str, Any]:
    url = f"{str(client.base_url).rstrip('/')}{path}"
    try:
        answer = client.get(path)
    except httpx2.TransportError as error:
        raise InfrastructureError(
            f"{url}: no answer ({type(error).__name__}: {error}); is the server running?"
        ) from error
    if answer.is_redirect:
        raise InfrastructureError(
            f"{url} redirects to {answer.headers.get('location')}; give that address as the target"
        )
    if answer.status_code in (401, 403):
        raise InfrastructureError(
            f"{url} answers {answer.status_code}: it wants an API key; set {KEY_VARIABLE}"
        )
    if answer.status_code != httpx2.codes.OK:
        raise InfrastructureError(
            f"{url} answers {answer.status_code}: this is no OpenAI-compatible server, or not its root"
        )
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        kind = answer.headers.get("content-type", "no content type")
        raise InfrastructureError(
            f"{url} answers {kind}, not a JSON object: this is no OpenAI-compatible server"
        )
    return found


def _one_model(listing: dict[str, Any], base_url: str, wanted: str | None) -> str:
    entries = listing.get("data")
    names = (
        [str(entry["id"]) for entry in entries if isinstance(entry, dict) and "id" in entry]
        if isinstance(entries, list)
        else []
    )
    if wanted is not None:
        if wanted not in names:
            raise InfrastructureError(
                f"{base_url} does not serve {wanted!r}; it lists {', '.join(names) or 'no model'}"
            )
        return wanted
    if not names:
        raise InfrastructureError(f"{base_url} serves no model (/v1/models lists none)")
    if len(names) > 1:
        raise InfrastructureError(
            f"{base_url} serves several models ({', '.join(names)}); name one: --target '{base_url}[model={names[0]}]'"
        )
    return names[0]


def _require_tools(client: httpx2.Client, model: str) -> None:
    body = {
        "model": model,
        "messages": [{"role": "user", "content": "Hello"}],
        "tools": [_PROBE_TOOL],
        "tool_choice": "auto",
        "max_tokens": 1,
    }
    try:
        answer = client.post("/v1/chat/completions", json=body, timeout=_FIRST_ANSWER_S)
    except httpx2.TransportError as error:
        raise InfrastructureError(
            f"the server took a first question and broke off ({type(error).__name__}: {error})"
        ) from error
    if answer.status_code == httpx2.codes.OK:
        return
    said = " ".join(answer.text.split())[:300]
    hint = (
        "start it with --enable-auto-tool-choice --tool-call-parser xlam" if "tool" in said else "see its log"
    )
    raise InfrastructureError(
        f"the server refuses a question with tools ({answer.status_code}): {said}; {hint}"
    )


def _version(client: httpx2.Client) -> str:
    answer = client.get("/version")
    if answer.status_code != httpx2.codes.OK or "json" not in answer.headers.get("content-type", ""):
        return "unknown"
    found = answer.json()
    return str(found.get("version", "unknown")) if isinstance(found, dict) else "unknown"
