"""What a borrowed server can do: it is asked, a request each, and not assumed to do nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.harness.cases.forcing_by_grammar import STRONGEST_BIAS, constraint
from tests.harness.core.http.ask import OK, NoAnswer, ask
from tests.harness.core.records.profile import Profile
from tests.harness.core.strict_json import strict_json
from tests.harness.servers.provider import ServerHandle

_TEXT = "zqzqzqzqzqzqzq"
"""No model says it by itself."""
_INTERVAL = 4
_ANSWER_S = 60.0
_LACKS = "not: "
_NAMES = {
    "scripted": "forcing by script",
    "forces": "forcing by grammar",
    "by_character": "one token a character",
    "by_interval": "deltas of several tokens",
    "names_tokens": "tokens named",
}
_CHAT, _TOKENIZE = "/v1/chat/completions", "/tokenize"


@dataclass(frozen=True)
class Abilities:
    """What was found; each is used where it works."""

    scripted: bool = False
    """The scripted engine speaks there."""
    forces: bool = False
    """A grammar forces a text."""
    by_character: bool = False
    """A bias makes it one token a character."""
    by_interval: bool = False
    """A request says how many tokens go into a delta."""
    names_tokens: bool = False
    """Frames name the tokens that they were made from."""

    def profile(self, profile: Profile) -> Profile:
        """Return a profile that promises what was found."""
        splits = ["natural", "random-*"] if self.forces else ["natural"]
        splits += ["char"] if self.by_character else []
        splits += ["every-*"] if self.by_character and self.by_interval else []
        splits = ["natural", "char", "every-*", "random-*"] if self.scripted else splits
        return replace(profile, forcing=self.scripted or self.forces, splits=tuple(splits))

    @property
    def shown(self) -> str:
        """Return what works and what does not in a line."""
        works = ", ".join(name for field, name in _NAMES.items() if getattr(self, field))
        lacks = ", ".join(name for field, name in _NAMES.items() if not getattr(self, field))
        return "; ".join(filter(None, [works, f"{_LACKS}{lacks}" if lacks else ""]))

    @classmethod
    def of_shown(cls, shown: str) -> "Abilities":
        """Return what `shown` tells of: a recorded run has no other word of it."""
        works = shown.partition(_LACKS)[0]
        return cls(**{field: name in works for field, name in _NAMES.items()})


def abilities_of(server: ServerHandle, model: str, version: str, answer_timeout_s: float) -> Abilities:
    """Ask a server what works there. What it refuses, or answers otherwise, does not work."""
    asking = _Asking(server, model, min(_ANSWER_S, answer_timeout_s))
    scripted = asking.says({"vllm_xargs": {"script": _TEXT}})
    grammar = constraint(_TEXT, version)
    forces = asking.says(grammar)
    steering = {"vllm_xargs": {"script": _TEXT}} if scripted else grammar
    deltas = asking.deltas({**steering, **asking.bias(), "stream_interval": _INTERVAL})
    count = sum(map(len, deltas))
    return Abilities(
        scripted=scripted,
        forces=forces,
        by_character=forces and count > len(_TEXT),
        by_interval=forces and any(len(delta) > 1 for delta in deltas),
        names_tokens=bool(count),
    )


@dataclass(frozen=True)
class _Asking:
    server: ServerHandle
    model: str
    within_s: float

    def says(self, steering: dict[str, Any]) -> bool:
        """Return whether the answer is the text that was to be forced."""
        match self._json(_CHAT, {**self._body(), **steering}):
            case {"choices": [{"message": {"content": str(content)}}, *_]}:
                return content == _TEXT
        return False

    def bias(self) -> dict[str, Any]:
        """Return the parameter that favours the tokens of single characters; none where nobody says which those are."""
        tokens: set[int] = set()
        for letter in sorted(set(_TEXT)):
            question = {"model": self.model, "prompt": letter, "add_special_tokens": False}
            match self._json(_TOKENIZE, question):
                case {"tokens": list(found)}:
                    tokens |= {token for token in found if isinstance(token, int)}
        return {"logit_bias": {str(token): STRONGEST_BIAS for token in sorted(tokens)}} if tokens else {}

    def deltas(self, steering: dict[str, Any]) -> list[list[int]]:
        """Return the tokens of each delta of a stream, as far as it names them."""
        text = self._text(_CHAT, {**self._body(), **steering, "stream": True, "return_token_ids": True})
        return list(_named(text))

    def _body(self) -> dict[str, Any]:
        messages = [{"role": "user", "content": "Hello"}]
        return {"model": self.model, "messages": messages, "temperature": 0, "max_tokens": 2 * len(_TEXT)}

    def _json(self, path: str, body: dict[str, Any]) -> object:
        try:
            return strict_json(self._text(path, body))
        except ValueError:
            return None

    def _text(self, path: str, body: dict[str, Any]) -> str:
        try:
            answer = ask(self.server.base_url, path, self.within_s, api_key=self.server.api_key, body=body)
        except NoAnswer:
            return ""  # what a server does not answer does not work there
        return answer.text if answer.status == OK else ""


def _named(stream: str) -> Iterator[list[int]]:
    for line in stream.splitlines():
        try:
            match json.loads(line.removeprefix("data: ")):
                case {"choices": [{"token_ids": list(tokens)}, *_]}:
                    yield tokens
        except ValueError:
            continue  # a blank line, or the end marker
