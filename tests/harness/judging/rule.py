"""What a rule is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tests.harness.core.printable import truncated
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.subject import CheckContext

_LONGEST = 1000
"""Characters of a part of a finding: a server may name a call with a megabyte."""


@dataclass(frozen=True)
class Flaw:
    """What a judge saw; the registry makes it a finding of its rule."""

    symptom: str
    message: str
    """One sentence in the words of somebody who uses the API."""
    expected: str = ""
    got: str = ""
    call: int | None = None
    event: int | None = None


Judge = Callable[[CheckContext], Iterable[Flaw]]


class RuleError(Exception):
    """A rule that is wrong in itself: a fault of the suite, never of a server."""


@dataclass(frozen=True)
class Rule:
    """One rule; its module holds it under the name `RULE`."""

    id: str
    symptoms: Mapping[str, str]
    """The closed vocabulary: symptom -> what it means, in one sentence."""
    source: str
    """The document that makes it a rule."""
    judge: Judge
    presupposes: tuple[str, ...] = ()
    """Checks, or single symptoms as `check/symptom`, beside which this rule has nothing new to say."""
    meaning: bool = False
    """It judges what an answer says, not its form: not asked where nobody can say what is right."""

    def findings(self, context: CheckContext) -> tuple[Finding, ...]:
        """All that the judge says. Raises RuleError on a symptom outside the vocabulary."""
        return tuple(self._finding(flaw) for flaw in self.judge(context))

    def _finding(self, flaw: Flaw) -> Finding:
        if flaw.symptom not in self.symptoms:
            raise RuleError(f"the judge of {self.id} says {flaw.symptom!r}, which is none of its symptoms")
        return Finding(
            check=self.id,
            symptom=flaw.symptom,
            message=truncated(flaw.message, _LONGEST),
            expected=truncated(flaw.expected, _LONGEST),
            got=truncated(flaw.got, _LONGEST),
            call=flaw.call,
            event=flaw.event,
            source=self.source,
        )
