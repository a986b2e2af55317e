"""What forces the exact text of an answer, and how it is cut, on a server with a model.

`structured_outputs.grammar` with one EBNF literal forces the text (vLLM 0.11.0 on; `guided_grammar` before), with tools
on offer as long as `tool_choice` is `auto`. A bias of +100 on the tokens of single characters makes them one token a
character; `stream_interval` sets how many tokens go into a delta. A server ignores a form of another era in silence,
so every text is also echoed: the same request without tools has to return the text.
"""

from collections.abc import Sequence
from typing import Any

from packaging.version import Version

from tests.harness.cases.since import is_at_least
from tests.harness.core.records.case import Mode
from tests.harness.core.records.split import Split

STRUCTURED_SINCE = Version("0.11.0")
STREAMED_ECHO_SINCE = Version("0.24.0")
"""Measured: 0.20.2 reads calls out of a stream although no tools are on offer, so there the echo is not streamed."""
STRONGEST_BIAS = 100
_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def grammar_of(text: str) -> str:
    """Return an EBNF grammar whose only sentence is `text`."""
    return f'root ::= "{text.translate(_ESCAPES)}"'


def steering(text: str, split: Split, version: str, character_tokens: Sequence[int]) -> dict[str, Any]:
    """Return the parameters that make a release write `text` under a split."""
    parameters: dict[str, Any] = {
        "temperature": 0 if split.seed is None else 1,
        "seed": split.seed or 0,
        **constraint(text, version),
    }
    if split.by_character:
        parameters["logit_bias"] = {str(token): STRONGEST_BIAS for token in character_tokens}
    if split.interval:
        parameters["stream_interval"] = split.interval
    return parameters


def echo_mode(version: str) -> Mode:
    """Return how a release is asked for an echo: streamed as the judged answer is, where no parser gets in its way."""
    return "stream" if is_at_least(version, STREAMED_ECHO_SINCE) else "whole"


def constraint(text: str, version: str) -> dict[str, Any]:
    """Return the parameter that leaves a release no text but this."""
    grammar = grammar_of(text)
    if is_at_least(version, STRUCTURED_SINCE):
        return {"structured_outputs": {"grammar": grammar}}
    return {"guided_grammar": grammar}
