"""Generated texts: how many, and what is shown of those that fail."""

from dataclasses import dataclass

from tests.harness.core.records.case import Case
from tests.harness.core.records.judged_answer import JudgedAnswer


@dataclass(frozen=True)
class Effort:
    """How much is generated."""

    examples: int
    """Texts a mode; 0: none."""
    seed: int


@dataclass(frozen=True)
class Counterexample:
    """The smallest text that was found to show one finding."""

    name: str
    """`check/symptom`."""
    case: Case
    answer: JudgedAnswer
    trials: int
    """Texts that were tried to find it."""
    file: str
    """The case as a file of `tests/cases/`."""
