"""What a server sent, fit for a terminal and a file: one line, no control characters. Any room may use it."""

LONGEST = 300


def printable(text: str) -> str:
    """Return one line without control characters: what a server sent must not steer the reader's terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def truncated(text: str, limit: int = LONGEST) -> str:
    """Return what `printable` does, its end left out where it is longer than `limit`."""
    if len(text) <= limit:
        return printable(text)
    return f"{printable(text[:limit])}... ({len(text)} characters)"
