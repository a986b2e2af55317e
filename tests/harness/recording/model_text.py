"""What the model really wrote, past every parser: is the model or the parser to blame?"""

from typing import Any

from tests.harness.core.http.ask import OK, Answered, NoAnswer, ask
from tests.harness.core.printable import truncated

_ANSWER_S = 60.0
_CHAT = {"model", "messages", "tools"}
_SAMPLING = {"model", "temperature", "seed", "max_tokens"}
_LONGEST = 4000


class ModelTexts:
    """Asks one deployment; a server that does not answer is asked once, and not beside each finding again."""

    def __init__(self, base_url: str, api_key: str | None, answer_timeout_s: float = _ANSWER_S) -> None:
        """Take the server to ask; `base_url` without a path."""
        self._base_url = base_url
        self._api_key = api_key
        self._within_s = min(_ANSWER_S, answer_timeout_s)
        self._silent = ""

    def of(self, request: dict[str, Any]) -> str:
        """Return the raw text that the model answers to a chat request; or, in brackets, why it cannot be had.

        The chat is rendered by `/tokenize` and its ids go to `/v1/completions`, where no tool parser looks.
        """
        if self._silent:
            return f"[not asked for: {self._silent}]"
        chat = {key: value for key, value in request.items() if key in _CHAT}
        sampling = {key: value for key, value in request.items() if key in _SAMPLING}
        try:
            ids = self._ask("/tokenize", {**chat, "add_generation_prompt": True}).json()["tokens"]
            body = {**sampling, "prompt": ids, "skip_special_tokens": False}
            text = str(self._ask("/v1/completions", body).json()["choices"][0]["text"])
        except NoAnswer as error:
            self._silent = str(error)
            return f"[not to be had: {error}]"
        except (ValueError, KeyError, IndexError, TypeError) as error:
            return f"[not to be had: the answer is of another shape: {type(error).__name__}: {truncated(str(error))}]"
        return "\n".join(truncated(line, _LONGEST) for line in text[:_LONGEST].split("\n"))

    def _ask(self, path: str, body: dict[str, Any]) -> Answered:
        try:
            answer = ask(self._base_url, path, self._within_s, api_key=self._api_key, body=body)
        except NoAnswer as error:
            raise NoAnswer(f"{path}: {error}") from error
        if answer.status != OK:
            raise ValueError(f"{path} answers {answer.status}: {truncated(answer.text, 120)}")
        return answer
