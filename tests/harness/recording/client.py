"""The official client as this suite uses it: no retries, no redirects, nothing taken from the environment."""

import hashlib
import inspect
import json
from typing import Any

import httpx2
import openai
from openai.resources.chat.completions import Completions

NO_KEY = "EMPTY"
"""What the client sends where a server asks for no key; it cannot send none."""
_CALL_OPTIONS = {"self", "extra_body", "extra_headers", "extra_query", "timeout"}
_FIELDS = frozenset(inspect.signature(Completions.create).parameters) - _CALL_OPTIONS


def official_client(base_url: str, api_key: str | None, transport: httpx2.BaseTransport) -> openai.OpenAI:
    """Return the client for the server at `base_url` (without `/v1`), sending through `transport`."""
    key = api_key or NO_KEY
    return openai.OpenAI(
        base_url=f"{base_url.rstrip('/')}/v1",
        api_key=key,
        max_retries=0,
        timeout=None,
        default_headers={"Authorization": f"Bearer {key}"},
        http_client=httpx2.Client(transport=transport, follow_redirects=False, trust_env=False, timeout=None),
    )


def create_arguments(body: dict[str, Any]) -> dict[str, Any]:
    """Return what `chat.completions.create` takes to send `body`; fields it does not know go in `extra_body`."""
    known = {name: value for name, value in body.items() if name in _FIELDS}
    extra = {name: value for name, value in body.items() if name not in _FIELDS}
    return {**known, "extra_body": extra} if extra else known


def request_sha256(body: dict[str, Any]) -> str:
    """Return the hash that identifies a request, whatever the order of its keys."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
