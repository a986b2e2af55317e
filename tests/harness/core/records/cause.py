"""What many unexplained findings have in common: the unit in which a no-go is told."""

from dataclasses import dataclass

from tests.harness.core.cause_shape import server_error_in, shape_of
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.known_issue import Harm


@dataclass(frozen=True)
class CauseKey:
    """Equal for findings that have one cause, as far as can be told."""

    check: str
    """Empty, as the symptom is, of an error that the server itself tells of: whoever met it, it is one."""
    symptom: str
    shape: str
    """What came, less its values; of such an error its message."""

    @classmethod
    def of(cls, finding: Finding) -> "CauseKey":
        """Return the cause of a finding."""
        if message := server_error_in(finding.got):
            return cls("", "", message)
        return cls(finding.check, finding.symptom, shape_of(finding.got))


@dataclass(frozen=True)
class Cause:
    """All unexplained findings of one cause."""

    key: CauseKey
    names: tuple[str, ...]
    """`check/symptom` of the findings: that of the smallest answer first, then the commonest."""
    harm: Harm
    """The worst that one of them would do to users, as far as its check tells."""
    answers: int
    cases: int
    items: int
    item: str
    """Node id of the item that shows it in the smallest case."""
    case: str
    """Case of that item; of one that makes up many texts, its own name."""
    answer: JudgedAnswer
    """The smallest answer that shows it, with the findings of this cause alone."""
    cut_tags: tuple[str, ...] = ()
    """What is true of the cuts of all streams that show it, and not of all that do not; empty: no cut tells them apart.
    """
