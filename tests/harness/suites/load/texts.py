"""What the model is made to say under load: calls whose arguments hold a secret, or many words."""

import re
import secrets
from dataclasses import replace
from itertools import count
from random import Random
from typing import Any

from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.cases.forcing import forcing_of
from tests.harness.cases.in_dialect import ANY, CALLS, in_dialect
from tests.harness.core.records.case import Case, ExpectedCall
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.split import NATURAL

SECRET = re.compile(r"secret-[0-9a-f]{16}")
DIFFERENT = 4096
"""Secrets, and so grammars: a server keeps those that it has compiled, and of ever new ones its memory grows."""
_SESSION, _NUMBERS = secrets.token_hex(4), count()
_TAIL = "\n" * 4
"""Some tokens after the call: what is known to be wrong about a call in the last delta is judged elsewhere."""
_WORDS = ("celsius", "weather", "expression", "Spanish", "language", "Tokyo", "location", "translate")
"""Words of the scenarios: a token or two each for the fixture model, so that long texts are written quickly."""
_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "remember",
        "description": "Keep a text for later.",
        "parameters": {
            "type": "object",
            "properties": {"text": {"type": "string"}},
            "required": ["text"],
        },
    },
}


def new_secret() -> str:
    """Return a secret that no other stream of the last four thousand has."""
    return f"secret-{_SESSION}{next(_NUMBERS) % DIFFERENT:08x}"


def words(characters: int, seed: int = 0) -> str:
    """Return a text of so many characters, the same for the same seed."""
    random = Random(seed)
    text = ""
    while len(text) < characters:
        text += f"{random.choice(_WORDS)} "
    return text[:characters]


def call_case(item: str, text: str, dialect: str) -> Case:
    """Return one call that holds a text, as a dialect writes it."""
    case = Case(
        id=item,
        topic="load",
        dialect=ANY,
        why="Many requests at a time.",
        messages=({"role": "user", "content": "Remember this for me."},),
        tools=(_TOOL,),
        calls=(ExpectedCall("remember", {"text": text}),),
        text=f"{CALLS}{_TAIL}",
    )
    return in_dialect(case, dialect_named(dialect))


def call_body(item: str, text: str, deployment: Deployment, version: str) -> dict[str, Any]:
    """Return a streamed request that is answered with that call."""
    make = forcing_of(version, scripted=deployment.scripted).forced_body
    return make(call_case(item, text, deployment.profile.dialect), NATURAL, "stream", deployment.model, ())


def text_body(item: str, text: str, deployment: Deployment, version: str) -> dict[str, Any]:
    """Return a streamed request without tools that is answered with the text alone.

    (The text of a call would not do: vLLM up to 0.20.2 reads calls where no tools are on offer too.)
    """
    plain = replace(call_case(item, text, deployment.profile.dialect), calls=(), text=text)
    make = forcing_of(version, scripted=deployment.scripted).echo_body
    return make(plain, NATURAL, "stream", deployment.model, ())
