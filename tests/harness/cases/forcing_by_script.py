"""What tells the scripted engine what to say and where each delta ends; the rest is any user's request.

Nothing but `vllm_xargs` differs: the server compiles no grammar, and no bias or sampling leads the model.
"""

import base64
import json
from random import Random
from typing import Any

from tests.harness.core.records.case import Case
from tests.harness.core.records.split import CHAR, NATURAL, Split

LONGEST_PIECE = 8
"""Characters of a delta under a split that is drawn."""


def steering(case: Case, split: Split) -> dict[str, Any]:
    """Return the parameters that make the scripted engine write a case's text under a split."""
    script = script_of(case.text or "", split)
    if split != NATURAL and _is_limited(case):
        script["script_unit"] = "character"
    return {"temperature": 0, "vllm_xargs": script}


def echo_split(case: Case, _: Split) -> Split:
    """Return the one split under which a text is echoed: a script writes the same text under each."""
    return CHAR if _is_limited(case) else NATURAL


def script_of(text: str, split: Split) -> dict[str, Any]:
    """Return the fields of a script that writes `text` under a split.

    What stands between two cuts is said in the tokenizer's own tokens: the fewer they are, the sooner it is said.
    """
    script: dict[str, Any] = {"script": text}
    if split == NATURAL:
        return script
    if split == CHAR:
        return {**script, "script_unit": "character"}
    script |= {"script_unit": "piece", "script_cuts": _cuts(len(text), split)}
    # As vLLM cuts by stream_interval: the end of the answer sends what is left.
    joined = split.interval and (len(text) - 1) % split.interval
    return {**script, "script_end": "with-text"} if joined or split.ends_with_text else script


def marked(message: str, script: dict[str, Any]) -> str:
    """Return a user's message that carries a script, for addresses that take no `vllm_xargs`."""
    packed = base64.urlsafe_b64encode(json.dumps(script).encode()).decode()
    return f"{message} @@script:{packed}@@"


def _cuts(length: int, split: Split) -> list[int]:
    if split.cuts is not None:
        return list(split.cuts)
    if split.interval:
        return list(range(1, length, split.interval))  # the first token goes alone
    return _drawn_cuts(length, split.seed or 0)


def _is_limited(case: Case) -> bool:
    """Return whether a limit cuts the answer after a number of characters: then each has to be a token."""
    return case.cut is not None or "max_tokens" in case.request_options.request


def _drawn_cuts(length: int, seed: int) -> list[int]:
    """Return rising offsets within a text, no two further apart than the longest piece."""
    random, cuts, end = Random(seed), [], 0
    while (end := end + random.randint(1, LONGEST_PIECE)) < length:
        cuts.append(end)
    return cuts
