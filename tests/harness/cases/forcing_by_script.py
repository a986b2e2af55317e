"""What tells the scripted engine what to say and where each delta ends; the rest is any user's request.

Nothing but `vllm_xargs` differs: the server compiles no grammar, and no bias or sampling leads the model.
"""

from random import Random
from typing import Any

from tests.harness.core.records.split import Split

LONGEST_PIECE = 8
"""Characters of a delta under a split that is drawn."""


def steering(text: str, split: Split) -> dict[str, Any]:
    """Return the parameters that make the scripted engine write `text` under a split."""
    return {"temperature": 0, "vllm_xargs": script_of(text, split)}


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
