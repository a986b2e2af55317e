"""Generated texts: how many, and what is shown of those that fail."""

from dataclasses import dataclass

from tests.harness.core.records.judged import Judged


@dataclass(frozen=True)
class Effort:
    """How much is generated."""

    examples: int
    """Texts a mode; 0: none."""
    seed: int


@dataclass(frozen=True)
class Counterexample:
    """The smallest text that was found to show one kind of finding."""

    kind: str
    """`check/symptom`."""
    judged: Judged
    trials: int
    """Texts that were tried to find it."""
    file: str
    """The case as a file of `tests/cases/`."""
