"""Where a server comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One `--target` string, taken apart: `kind:value[profile=ID,arg=FLAG,...]`."""

    text: str
    kind: str
    value: str
    profile: str | None = None
    args: tuple[str, ...] = ()
    model: str | None = None
    """Which of several models of a borrowed server is meant."""
