"""Pieces of the call syntax inside the answer's text."""

import re

from tests.harness.core.records.call_syntax import CallSyntax

_FENCE = "```"
_SPECIAL_TOKEN = re.compile(r"<\|[^|<>\s]{1,40}\|>")
_SHORTEST_STUMP = 2


def leaked_marker(text: str, syntax: CallSyntax, wanted: str = "", *, fences: bool) -> str | None:
    """Return a marker that stands in the text and not in the wanted one: whole anywhere, or begun at the text's end.

    `fences`: code fences count too, where calls may stand in one; they do not where the answer may be prose with code
    in it.
    """
    markers = [*syntax.markers, _FENCE] if fences and syntax.fences else list(syntax.markers)
    for marker in [*markers, *_SPECIAL_TOKEN.findall(text)]:
        if marker in text and marker not in wanted:
            return str(marker)
    stumps = [
        marker[:length] for marker in markers for length in range(len(marker) - 1, _SHORTEST_STUMP - 1, -1)
    ]
    return next((stump for stump in stumps if text.endswith(stump) and not wanted.endswith(stump)), None)


def leaked_piece(text: str, syntax: CallSyntax, wanted: str = "") -> str | None:
    """Return a piece of a call's body that stands in the text and not in the wanted one."""
    match = re.search(syntax.piece, text)
    return match.group() if match and not re.search(syntax.piece, wanted) else None


def leaked_call(text: str, syntax: CallSyntax) -> bool:
    """Return whether the text holds a whole call."""
    # One after the other: a single pattern would read the whole text again for each name in it.
    at = 0
    for part in syntax.call:
        found = re.compile(part).search(text, at)
        if found is None:
            return False
        at = found.end()
    return True
