"""Finds the checks, puts them in order, and asks them all."""

import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from types import MappingProxyType

import tests.harness.judging.checks
from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check, CheckError, Symptom
from tests.harness.judging.check_context import CheckContext

MOST_ALIKE = 50
"""Findings of one check and symptom that are told of one answer."""
_SHARED = "support"
"""Folder of what checks share; no check lives there."""


def judge_by(checks: Sequence[Check], context: CheckContext) -> tuple[Finding, ...]:
    """Return all that is wrong with an answer by some checks, each defect once; required ones come first.

    What a check requires is transitive, and silences it like this:

    - a finding about call i is dropped if a required check has a finding about call i or about the whole answer;
    - one about the whole answer is dropped if a required check has any finding.

    So a check is not even asked once something that it requires is wrong with the whole answer: a judge may rely on
    what it requires.
    """
    lasting: list[Finding] = []
    for check in checks:
        causes = [finding for finding in lasting if {finding.check, finding.name} & check.grounds]
        if any(cause.call is None for cause in causes):
            continue
        findings = dict.fromkeys(check.findings(context))
        lasting += [finding for finding in findings if not any(_silences(cause, finding) for cause in causes)]
    return tuple(_first_of_each(lasting))


@cache
def answer_checks() -> tuple[Check, ...]:
    """Return all checks of single answers, required ones first."""
    return in_order(check for check in all_checks() if check.judge)


@cache
def all_checks() -> tuple[Check, ...]:
    """Return every check of `judging/checks/`. Raises CheckError if they do not fit together."""
    package = tests.harness.judging.checks
    modules = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    names = [entry.name for entry in modules if not entry.ispkg and _SHARED not in entry.name.split(".")]
    return tuple(sorted(_require_own_ids(list(map(_check_of, names))), key=lambda check: check.id))


def in_order(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return checks sorted so that each comes after what it requires. Raises CheckError: two with one id."""
    known = {check.id: check for check in _require_own_ids(list(checks))}
    graph = {
        check.id: [
            (required.check if isinstance(required, Symptom) else required).id for required in check.requires
        ]
        for check in known.values()
    }
    return tuple(known[name] for name in TopologicalSorter(graph).static_order() if name in known)


def vocabulary() -> Mapping[str, frozenset[str]]:
    """Return check -> its symptoms, for those who name them in data files."""
    return MappingProxyType({check.id: frozenset(check.symptoms) for check in all_checks()})


def _first_of_each(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the first of each name, as many as anybody reads: an answer of ten thousand calls has ten thousand."""
    counts = Counter[str]()
    for finding in findings:
        counts[finding.name] += 1
        if counts[finding.name] <= MOST_ALIKE:
            yield finding


def _check_of(module: str) -> Check:
    check = getattr(import_module(module), "CHECK", None)
    if not isinstance(check, Check):
        raise CheckError(f"{module} holds no CHECK; what checks share belongs in judging/checks/support/")
    return check


def _require_own_ids(checks: list[Check]) -> list[Check]:
    for name, count in Counter(check.id for check in checks).items():
        if count > 1:
            raise CheckError(f"{count} checks have the id {name!r}")
    return checks


def _silences(cause: Finding, finding: Finding) -> bool:
    return finding.call is None or cause.call is None or cause.call == finding.call
