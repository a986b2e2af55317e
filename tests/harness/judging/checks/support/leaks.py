"""Pieces of the call syntax inside the answer's text."""

import re

_MARKERS = ("<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<think>", "</think>")
_FENCE = "```"
_SPECIAL_TOKEN = re.compile(r"<\|[^|<>\s]{1,40}\|>")
_CALL_JSON = re.compile(r'"(?:name|arguments)"\s*:|^[\s\[\]{}",:]+$')
_NAME, _ARGUMENTS = re.compile(r'"name"\s*:'), re.compile(r'"arguments"\s*:')
_SHORTEST_STUMP = 2


def leaked_marker(text: str, wanted: str = "", *, fences: bool) -> str | None:
    """Return a marker that stands in the text and not in the wanted one: whole anywhere, or begun at the text's end.

    `fences`: code fences count too; they do not where the answer may be prose with code in it.
    """
    markers = [*_MARKERS, _FENCE] if fences else list(_MARKERS)
    for marker in [*markers, *_SPECIAL_TOKEN.findall(text)]:
        if marker in text and marker not in wanted:
            return str(marker)
    stumps = [
        marker[:length] for marker in markers for length in range(len(marker) - 1, _SHORTEST_STUMP - 1, -1)
    ]
    return next((stump for stump in stumps if text.endswith(stump) and not wanted.endswith(stump)), None)


def leaked_json(text: str, wanted: str = "") -> str | None:
    """Return a piece of the calls' JSON that stands in the text and not in the wanted one."""
    match = _CALL_JSON.search(text)
    return match.group() if match and not _CALL_JSON.search(wanted) else None


def leaked_call(text: str) -> bool:
    """Return whether the text holds the JSON of a whole call."""
    # One after the other: a single pattern would read the whole text again for each name in it.
    name = _NAME.search(text)
    return name is not None and _ARGUMENTS.search(text, name.end()) is not None
