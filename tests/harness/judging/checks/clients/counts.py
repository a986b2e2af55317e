"""One question has one number of tokens, wherever and however the server counts it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check


@dataclass(frozen=True)
class Counted:
    """What one answer says."""

    source: str
    """Who counts: an address and a mode, or an address that does nothing else."""
    tokens: int | None
    """None: it does not say."""
    exchange: str
    """Name of the recording."""

    @property
    def shown(self) -> str:
        """Return it in words."""
        return f"{self.source}: {'no count' if self.tokens is None else self.tokens}"


def judge_alike(counts: Sequence[Counted]) -> Iterator[tuple[Finding, str]]:
    """Judge what has to be one number; yield each finding with the recording that shows it."""
    first, *others = counts
    for other in others:
        if other.tokens != first.tokens or other.tokens is None:
            yield CHECK.as_described("differs", first.shown, other.shown), other.exchange


CHECK = Check(
    "counts",
    {"differs": "One question has another number of tokens at another place, or streamed than whole."},
    "https://docs.anthropic.com/en/docs/build-with-claude/token-counting",
)
