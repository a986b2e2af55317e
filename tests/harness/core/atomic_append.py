"""Files that only grow: a line is written whole or not at all. Any room may use it."""

from contextlib import suppress
from io import FileIO


def write_whole(file: FileIO, data: bytes) -> None:
    """Write at the end of an unbuffered file. Raises OSError (the disk is full) with nothing of `data` left in it."""
    end = file.seek(0, 2)
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError:
        with suppress(OSError):  # a pipe or a device has no end to go back to
            file.truncate(end)
        raise
