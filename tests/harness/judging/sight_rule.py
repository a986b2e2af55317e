"""A rule about what no single judged answer shows: many requests together, a refusal, what another caller read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tests.harness.core.printable import truncated
from tests.harness.core.records.finding import Finding

_LONGEST = 1000


class UnknownSymptom(Exception):
    """A mistake of the suite: a rule says what is not in its vocabulary."""


@dataclass(frozen=True)
class SightRule:
    """One rule; its findings make a `Sight`, which has no `Subject`."""

    id: str
    symptoms: Mapping[str, str]
    """symptom -> what it means, in one sentence."""
    source: str
    """The document that makes it a rule."""

    def finding(self, symptom: str, message: str, expected: str, got: str) -> Finding:
        """A finding of this rule. Raises UnknownSymptom."""
        if symptom not in self.symptoms:
            raise UnknownSymptom(f"{self.id} says {symptom!r}, which is none of its symptoms")
        return Finding(
            check=self.id,
            symptom=symptom,
            message=truncated(message, _LONGEST),
            expected=truncated(expected, _LONGEST),
            got=truncated(got, _LONGEST),
            source=self.source,
        )


def vocabulary_of(rules: Iterable[SightRule]) -> Mapping[str, frozenset[str]]:
    """Check -> its symptoms, for those who name them in data files."""
    return MappingProxyType({rule.id: frozenset(rule.symptoms) for rule in rules})
