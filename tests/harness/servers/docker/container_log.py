"""A container's log, written to a file as it grows, secrets masked."""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Thread

from docker.errors import DockerException
from docker.models.containers import Container
from requests.exceptions import RequestException


def follow_log(container: Container, log: Path, secrets: Sequence[str]) -> Thread:
    """Copy all that the container says to `log` until it ends."""

    def copy() -> None:
        # The engine may break the stream off when the container is removed: what came is in the file.
        with (
            log.open("ab", buffering=0) as file,
            contextlib.suppress(DockerException, RequestException, OSError),
        ):
            for line in lines_of(container.logs(stream=True, follow=True)):
                file.write(masked(line, secrets))

    thread = Thread(target=copy, name=f"log of {container.short_id}", daemon=True)
    thread.start()
    return thread


def lines_of(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Whole lines, however the stream is cut: a secret is never split."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line + b"\n"
    if rest:
        yield rest + b"\n"


def masked(line: bytes, secrets: Sequence[str]) -> bytes:
    """The line with each secret as `***`."""
    for secret in secrets:
        line = line.replace(secret.encode(), b"***")
    return line
