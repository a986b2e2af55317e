"""What a check is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tests.harness.core.printable import truncated
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.known_issue import Harm
from tests.harness.judging.check_context import CheckContext

_LONGEST = 1000
"""Characters of a part of a finding: a server may name a call with a megabyte."""

JudgeAnswer = Callable[[CheckContext], Iterable[Finding]]


class CheckError(Exception):
    """A check that is wrong in itself: a fault of the suite, never of a server."""


@dataclass(frozen=True)
class Symptom:
    """One symptom of a check, as others refer to it."""

    check: "Check"
    symptom: str

    @property
    def name(self) -> str:
        """Return `check/symptom`, as findings have it."""
        return f"{self.check.id}/{self.symptom}"


@dataclass(frozen=True, eq=False)
class Check:
    """One rule about what a server does; its module holds it under the name `CHECK`.

    A check of single answers has a `judge`. One of many requests together, of a refusal or of what a client read has
    none: functions of its own module make its findings.
    """

    id: str
    symptoms: Mapping[str, str]
    """The closed vocabulary: symptom -> what it means, in one sentence."""
    source: str
    """The document that makes it a rule."""
    judge: JudgeAnswer | None = None
    requires: tuple["Check | Symptom", ...] = ()
    """Checks, or single symptoms, beside whose findings this one has nothing new to say."""
    semantic: bool = False
    """It judges what an answer says, not its form: not asked where the model is free in what it says."""
    when_free_form: bool = False
    """Semantic, and asked all the same there."""
    at_any_address: bool = False
    """It judges the form of an answer by what all addresses tell: semantic checks do so anyhow."""
    of_refusals: bool = False
    """It judges a refusal that the case allows; no other check is asked of one."""
    harm: Harm | Mapping[str, Harm] = "cosmetic"
    """What a finding does to users, as far as its kind tells; by symptom: those that are not named are cosmetic."""

    def __getitem__(self, symptom: str) -> Symptom:
        """Return one symptom, to be required by another check. Raises CheckError if there is none of this name."""
        if symptom not in self.symptoms:
            raise CheckError(f"{self.id} has no symptom {symptom!r}")
        return Symptom(self, symptom)

    def harm_of(self, symptom: str) -> Harm:
        """Return what a finding of this symptom does to users, as far as its kind tells."""
        return self.harm if isinstance(self.harm, str) else self.harm.get(symptom, "cosmetic")

    @cached_property
    def grounds(self) -> frozenset[str]:
        """Return names of all that it requires, directly or through others: `check`, or `check/symptom`."""
        names: set[str] = set()
        for required in self.requires:
            check, name = (
                (required.check, required.name) if isinstance(required, Symptom) else (required, required.id)
            )
            names |= {name} | check.grounds
        return frozenset(names)

    def finding(
        self,
        symptom: str,
        message: str,
        expected: str = "",
        got: str = "",
        call: int | None = None,
        event: int | None = None,
    ) -> Finding:
        """Return a finding of this check. Raises CheckError for a symptom outside its vocabulary.

        `message` is one sentence in the words of somebody who uses the API.
        """
        if symptom not in self.symptoms:
            raise CheckError(f"{self.id} finds {symptom!r}, which is none of its symptoms")
        return Finding(
            check=self.id,
            symptom=symptom,
            message=truncated(message, _LONGEST),
            expected=truncated(expected, _LONGEST),
            got=truncated(got, _LONGEST),
            call=call,
            event=event,
            source=self.source,
        )

    def as_described(self, symptom: str, expected: str, got: str) -> Finding:
        """Return a finding whose message is the symptom's own sentence."""
        return self.finding(symptom, self.symptoms.get(symptom, ""), expected, got)

    def findings(self, context: CheckContext) -> tuple[Finding, ...]:
        """Return all that is wrong with an answer by this check."""
        return tuple(self.judge(context)) if self.judge else ()
