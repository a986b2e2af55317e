"""What the model really wrote, past every parser: is the model or the parser to blame?"""

from typing import Any

import httpx2

_ANSWER_S = 60.0
_CHAT = {"model", "messages", "tools"}
_SAMPLING = {"model", "temperature", "seed", "max_tokens"}


def model_text(base_url: str, api_key: str | None, request: dict[str, Any]) -> str:
    """The raw text that the model answers to a chat request; or, in brackets, why it cannot be had.

    The chat is rendered by `/tokenize` and its ids go to `/v1/completions`, where no tool parser looks.
    """
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else None
    chat = {key: value for key, value in request.items() if key in _CHAT}
    sampling = {key: value for key, value in request.items() if key in _SAMPLING}
    try:
        with httpx2.Client(base_url=base_url, headers=headers, trust_env=False, timeout=_ANSWER_S) as client:
            ids = client.post("/tokenize", json={**chat, "add_generation_prompt": True}).raise_for_status()
            body = {**sampling, "prompt": ids.json()["tokens"], "skip_special_tokens": False}
            answer = client.post("/v1/completions", json=body).raise_for_status()
            return str(answer.json()["choices"][0]["text"])
    except (httpx2.HTTPError, ValueError, KeyError, IndexError, TypeError) as error:
        return f"[not to be had: {type(error).__name__}: {error}]"
