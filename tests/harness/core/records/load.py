"""What is seen of a server under load: streams, clients that leave, long answers, slow readers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.figure import Figure, figures_of
from tests.harness.core.records.samples import Samples

Stage = Literal["before the first token", "inside the arguments", "before [DONE]"]
STAGES: tuple[Stage, ...] = ("before the first token", "inside the arguments", "before [DONE]")


@dataclass(frozen=True)
class Stream:
    """How one stream ended."""

    secret: str
    refused: str
    """The status and what was said, if it is not 200."""
    broken: str
    """How it broke off; empty if it ended as it should."""
    holds: bool
    """Its own secret is in the arguments of its call."""
    foreign: tuple[str, ...]
    """Secrets in it that are not its own."""
    arguments: str
    first_call_s: float | None
    gaps_s: tuple[float, ...]
    """Between one event and the next."""
    tokens_per_s: float | None
    took_s: float
    exchange: Exchange | None
    """Kept where something is wrong."""

    @property
    def failed(self) -> bool:
        """Return whether the stream did not bring what was asked for."""
        return bool(self.refused or self.broken) or not self.holds


@dataclass
class Level:
    """So many streams at a time; of right ones nothing but times is kept, of wrong ones the first of each kind."""

    at_once: int
    number: int = 0
    failed: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """Symptom -> streams that show it."""
    first: dict[str, Stream] = field(default_factory=dict)
    first_call_s: Samples = field(default_factory=Samples)
    gaps_s: Samples = field(default_factory=Samples)
    tokens_per_s: Samples = field(default_factory=Samples)
    took_s: Samples = field(default_factory=Samples)

    def add(self, stream: Stream, symptoms: Iterable[str]) -> None:
        """Count a stream that has ended, and what it shows."""
        self.number += 1
        self.failed += stream.failed
        for symptom in symptoms:
            self.counts[symptom] += 1
            self.first.setdefault(symptom, stream)
        if stream.failed:
            return
        self.took_s.add(stream.took_s)
        self.gaps_s.add(*stream.gaps_s)
        self.first_call_s.add(*([] if stream.first_call_s is None else [stream.first_call_s]))
        self.tokens_per_s.add(*([] if stream.tokens_per_s is None else [stream.tokens_per_s]))

    def figures(self) -> tuple[Figure, ...]:
        """Return what users wait for at this level."""
        where = f"{self.at_once} at once"
        return (
            *figures_of(f"first tool delta, {where}", "s", self.first_call_s.values),
            *figures_of(f"between deltas, {where}", "s", self.gaps_s.values),
            *figures_of(f"whole stream, {where}", "s", self.took_s.values),
            *figures_of(f"speed of a stream, {where}", "tokens/s", self.tokens_per_s.values),
        )


@dataclass(frozen=True)
class Busy:
    """Requests that the server has, as `/metrics` counts them."""

    running: int
    waiting: int

    @property
    def all(self) -> int:
        """Return how many requests run or wait."""
        return self.running + self.waiting


@dataclass(frozen=True)
class Footprint:
    """What the server's processes take."""

    memory_mb: float
    files: int
    """Open files and connections."""


@dataclass(frozen=True)
class Disconnect:
    """A client that has gone."""

    stage: Stage
    reached: bool
    """It left where it meant to; False: the answer ended or broke before."""
    refused: str = ""
    """The status, if it is not 200."""
    broken: str = ""


@dataclass(frozen=True)
class AfterDisconnects:
    """What was left behind by clients that left."""

    disconnects: Sequence[Disconnect]
    busy: Busy | None
    """What the server still has to do after all that time; None: it does not say."""
    allowed: int
    """Requests that it may have: those of others."""
    waited_s: float
    next_: Stream
    before: Footprint | None
    after: Footprint | None


@dataclass(frozen=True)
class Length:
    """Arguments of so many characters, streamed."""

    characters: int
    took_s: float
    plain_s: float
    """For the same text without tools: what the model itself needs on this machine at this moment."""
    longest_gap_s: float
    """Silence between two events: arguments that are held back show here."""
    pieces: int
    """Deltas that carried arguments."""
    wrong: str
    """What is wrong with the call; empty if its text arrived whole."""

    @property
    def ratio(self) -> float:
        """Return how many times longer a call takes than its text."""
        return self.took_s / self.plain_s if self.plain_s else 1.0

    def quickest(self, other: "Length") -> "Length":
        """Return the quickest of either kind, with what is wrong with either."""
        took_s, plain_s = min(self.took_s, other.took_s), min(self.plain_s, other.plain_s)
        return replace(self, took_s=took_s, plain_s=plain_s, wrong=self.wrong or other.wrong)

    def figures(self) -> tuple[Figure, ...]:
        """Return what was measured at this length."""
        return (
            *figures_of(f"arguments of {self.characters} characters", "s", [self.took_s]),
            *figures_of(f"longest silence in {self.characters} characters", "s", [self.longest_gap_s]),
            *figures_of(f"deltas of {self.characters} characters", "deltas", [float(self.pieces)]),
        )


@dataclass(frozen=True)
class SlowRead:
    """What came to a client that paused."""

    text: str
    error: str
    done: bool
    paused_s: float
    bytes_after: int
    """Bytes that it read after the pause."""
