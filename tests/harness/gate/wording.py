"""Words that several reasons of a verdict share."""


def count_of(number: int, one: str, many: str) -> str:
    """Return `1 case`, `2 cases`."""
    return f"{number} {one if number == 1 else many}"


def first_line(text: str) -> str:
    """Return a text up to its first line end."""
    return text.partition("\n")[0]
