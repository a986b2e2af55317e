"""Finds the rules, puts them in order, and asks them all."""

import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from types import MappingProxyType, ModuleType

import tests.harness.judging.checks.answer
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.rule import Rule, RuleError

MOST_ALIKE = 50
"""Findings of one rule and symptom that are told of one answer."""


def judge_all(context: CheckContext) -> tuple[Finding, ...]:
    """Everything that is wrong with an answer, each defect once.

    A rule's presuppositions are transitive, and they silence it like this:

    - one about call i is dropped if a presupposed rule has a finding about call i or about the whole answer;
    - one about the whole answer is dropped if a presupposed rule has any finding.

    So a rule is not even asked once something that it presupposes is wrong with the whole answer: a judge may
    rely on what it presupposes.
    """
    return judge_by(rules(), context)


def judge_form(context: CheckContext, *also: str) -> tuple[Finding, ...]:
    """`judge_all` by the rules about an answer's form, which hold whatever it should have said, and by some others."""
    return judge_by(tuple(rule for rule in rules() if not rule.meaning or rule.id in also), context)


def judge_only(context: CheckContext, *names: str) -> tuple[Finding, ...]:
    """`judge_all` by some rules alone."""
    return judge_by(tuple(rule for rule in rules() if rule.id in names), context)


def judge_by(chosen: tuple[Rule, ...], context: CheckContext) -> tuple[Finding, ...]:
    """`judge_all` with rules of the caller's choice, in an order in which presuppositions come first."""
    grounds = _all_grounds(tuple((rule.id, rule.presupposes) for rule in chosen))
    kept: list[Finding] = []
    for rule in chosen:
        causes = [finding for finding in kept if {finding.check, finding.name} & grounds[rule.id]]
        if any(cause.call is None for cause in causes):
            continue
        found = dict.fromkeys(rule.findings(context))
        kept += [finding for finding in found if not any(_silences(cause, finding) for cause in causes)]
    return tuple(_first_of_each(kept))


def _first_of_each(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The first of each name, as many as anybody reads: an answer of ten thousand calls has ten thousand of each."""
    told = Counter[str]()
    for finding in findings:
        told[finding.name] += 1
        if told[finding.name] <= MOST_ALIKE:
            yield finding


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, presuppositions first. Raises RuleError if they do not fit together."""
    modules = pkgutil.iter_modules(tests.harness.judging.checks.answer.__path__)
    names = sorted(entry.name for entry in modules if not entry.ispkg)
    return in_order(
        _rule_of(import_module(f"{tests.harness.judging.checks.answer.__name__}.{name}")) for name in names
    )


def in_order(found: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules sorted so that each comes after what it presupposes.

    Raises RuleError: two with one id, a presupposition that does not exist, a cycle.
    """
    known: dict[str, Rule] = {}
    for rule in found:
        if rule.id in known:
            raise RuleError(f"two rules have the id {rule.id!r}")
        known[rule.id] = rule
    for rule in known.values():
        for name in rule.presupposes:
            _require_known(name, rule, known)
    graph = {rule.id: [_check_of(name) for name in rule.presupposes] for rule in known.values()}
    try:
        return tuple(known[name] for name in TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise RuleError(f"rules presuppose each other: {' -> '.join(error.args[1])}") from None


def vocabulary() -> Mapping[str, frozenset[str]]:
    """Check -> its symptoms, for those who name them in data files."""
    return MappingProxyType({rule.id: frozenset(rule.symptoms) for rule in rules()})


def _rule_of(module: ModuleType) -> Rule:
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise RuleError(f"{module.__name__} holds no RULE; what rules share belongs in checks/support/")
    return rule


def _require_known(name: str, rule: Rule, known: Mapping[str, Rule]) -> None:
    check, _, symptom = name.partition("/")
    if check not in known:
        raise RuleError(f"{rule.id} presupposes {name!r}, and there is no such rule")
    if symptom and symptom not in known[check].symptoms:
        raise RuleError(f"{rule.id} presupposes {name!r}, and {check} has no such symptom")


def _check_of(name: str) -> str:
    return name.partition("/")[0]


@lru_cache(maxsize=8)
def _all_grounds(chosen: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, frozenset[str]]:
    """Check -> all that it presupposes, directly or through others; asked for every answer, and the same for all."""
    presupposes = dict(chosen)
    return MappingProxyType({check: frozenset(_grounds(check, presupposes)) for check in presupposes})


def _grounds(check: str, presupposes: Mapping[str, tuple[str, ...]]) -> set[str]:
    """What a rule presupposes, directly or through others."""
    grounds = set(presupposes.get(check, ()))
    for name in presupposes.get(check, ()):
        grounds |= _grounds(_check_of(name), presupposes)
    return grounds


def _silences(cause: Finding, finding: Finding) -> bool:
    return finding.call is None or cause.call is None or cause.call == finding.call
