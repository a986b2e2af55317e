"""Bodies that tell the scripted engine what to say and where each delta ends; else they are any user's request.

Nothing but `vllm_xargs` differs: the server compiles no grammar, and no bias or sampling leads the model.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from tests.harness.cases.requests import with_terms
from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.split import Split

SLACK = 16
"""Tokens beyond the text's bytes: the end of the text, and what a template may add."""
LONGEST_PIECE = 8
"""Characters of a delta under a split that is drawn."""


def forced_body(
    case: Case, split: Split, mode: Mode, model: str, version: str, character_tokens: Sequence[int]
) -> dict[str, Any]:
    """Return the request whose answer is judged: `case.text` with the case's tools on offer."""
    body = echo_body(case, split, mode, model, version, character_tokens)
    if case.tools:
        body |= {"tools": list(case.tools), "tool_choice": "auto"}
    return with_terms(body, case)


def echo_body(
    case: Case,
    split: Split,
    mode: Mode,
    model: str,
    version: str,  # noqa: ARG001 - as forcing_by_grammar has it
    character_tokens: Sequence[int],  # noqa: ARG001
) -> dict[str, Any]:
    """Return the same without tools: its content has to be what is written, or nothing was forced."""
    text = case.text or ""
    body: dict[str, Any] = {
        "model": model,
        "messages": list(case.messages),
        "temperature": 0,
        "max_tokens": len(text.encode()) + SLACK if case.cut is None else len(case.emitted_text),
        "stream": mode == "stream",
        "vllm_xargs": script_of(text, split),
    }
    if mode == "stream":
        body["stream_options"] = {"include_usage": True}
    return body


def script_of(text: str, split: Split) -> dict[str, Any]:
    """Return the fields of a script that writes `text` under a split."""
    script: dict[str, Any] = {"script": text}
    if split.by_character or split.seed is not None:
        script["script_unit"] = "character"
    if split.interval:
        script["script_cuts"] = list(range(split.interval, len(text), split.interval))
    elif split.seed is not None:
        script["script_cuts"] = _drawn_cuts(len(text), split.seed)
    return script


def _drawn_cuts(length: int, seed: int) -> list[int]:
    """Return rising offsets within a text, no two further apart than the longest piece."""
    random, cuts, end = Random(seed), [], 0
    while (end := end + random.randint(1, LONGEST_PIECE)) < length:
        cuts.append(end)
    return cuts
