"""Bodies that force the exact text of an answer, and how it is cut.

`structured_outputs.grammar` with one EBNF literal forces the text (vLLM 0.11.0 on; `guided_grammar` before), with tools
on offer as long as `tool_choice` is `auto`. A bias of +100 on the tokens of single characters makes them one token a
character; `stream_interval` sets how many tokens go into a delta. A server ignores a form of another era in silence,
so every text is also echoed: the same request without tools has to return the text.
"""

from collections.abc import Sequence
from typing import Any

from packaging.version import Version

from tests.harness.cases.requests import with_terms
from tests.harness.cases.since import is_at_least
from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.split import Split

STRUCTURED_SINCE = Version("0.11.0")
STREAMED_ECHO_SINCE = Version("0.24.0")
"""Measured: 0.20.2 reads calls out of a stream although no tools are on offer, so there the echo is not streamed."""
STRONGEST_BIAS = 100
SLACK = 16
"""Tokens beyond the text's bytes: the end of the text, and what a template may add."""
_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def grammar_of(text: str) -> str:
    """Return an EBNF grammar whose only sentence is `text`."""
    return f'root ::= "{text.translate(_ESCAPES)}"'


def forced_body(
    case: Case, split: Split, mode: Mode, model: str, version: str, character_tokens: Sequence[int]
) -> dict[str, Any]:
    """Return the request whose answer is judged: `case.text` with the case's tools on offer."""
    body = echo_body(case, split, mode, model, version, character_tokens)
    if case.tools:
        body |= {"tools": list(case.tools), "tool_choice": "auto"}
    return with_terms(body, case)


def echo_body(
    case: Case, split: Split, mode: Mode, model: str, version: str, character_tokens: Sequence[int]
) -> dict[str, Any]:
    """Return the same without tools: its content has to be what is written, or nothing was forced."""
    text = case.text or ""
    body: dict[str, Any] = {
        "model": model,
        "messages": list(case.messages),
        "temperature": 0 if split.seed is None else 1,
        "seed": split.seed or 0,
        "max_tokens": len(text.encode()) + SLACK if case.cut is None else len(case.emitted_text),
        "stream": mode == "stream",
        **_constraint(text, version),
    }
    if mode == "stream":
        body["stream_options"] = {"include_usage": True}
    if split.by_character:
        body["logit_bias"] = {str(token): STRONGEST_BIAS for token in character_tokens}
    if split.interval:
        body["stream_interval"] = split.interval
    return body


def echo_mode(version: str) -> Mode:
    """Return how a release is asked for an echo: streamed as the judged answer is, where no parser gets in its way."""
    return "stream" if is_at_least(version, STREAMED_ECHO_SINCE) else "whole"


def _constraint(text: str, version: str) -> dict[str, Any]:
    grammar = grammar_of(text)
    if is_at_least(version, STRUCTURED_SINCE):
        return {"structured_outputs": {"grammar": grammar}}
    return {"guided_grammar": grammar}
