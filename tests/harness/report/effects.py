"""What users will meet although nothing blocks: known defects in users' words, weighed by how common they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.harness.core.records.basis import Basis
from tests.harness.core.records.known_issue import HARMS, Harm
from tests.harness.core.records.outcome import JUDGED, Outcome

BASIC_TOPIC = "scenarios"
"""Topic of the cases that everybody's users send; the others are texts that some of them meet some day."""
NAMED = 3
"""Effects that a line has room for."""
_WEIGHTS: dict[Harm, int] = {"outage": 4, "wrong-call": 2, "lost-text": 1, "cosmetic": 0}
"""A wrong call does something that nobody asked for; a text that is lost is missed by whoever reads it."""


@dataclass(frozen=True)
class Effect:
    """What some entries of the ledger do to users."""

    users: str
    """In their words."""
    harm: Harm
    basic: int
    """Basic scenarios that show it."""
    cases: int
    """All cases that do."""


def effects_of(outcomes: Iterable[Outcome], basis: Basis) -> list[Effect]:
    """Return the effects of the known issues that showed: those in basic scenarios first, then by harm and share."""
    defects = {defect.id: defect for defect in basis.defects}
    shown: dict[str, set[str]] = {}
    harms: dict[str, Harm] = {}
    for outcome in outcomes:
        for name in outcome.known_issues & defects.keys():
            defect = defects[name]
            shown.setdefault(defect.users, set()).add(outcome.case)
            harms[defect.users] = min(harms.get(defect.users, HARMS[-1]), defect.harm, key=HARMS.index)
    basic = _basic_cases(basis)
    effects = [Effect(users, harms[users], len(cases & basic), len(cases)) for users, cases in shown.items()]
    return sorted(effects, key=_rank)


def effects_line(outcomes: Sequence[Outcome], basis: Basis) -> str:
    """Return what users will meet, in a line; empty if nothing known showed that does harm."""
    judged = [outcome for outcome in outcomes if outcome.result in JUDGED]
    harmful = {defect.id for defect in basis.defects if defect.harm != "cosmetic"}
    harmed = {outcome.case for outcome in judged if outcome.known_issues & harmful}
    if not harmed:
        return ""
    cases = {outcome.case for outcome in outcomes}
    scenarios = len(cases & _basic_cases(basis))
    effects = [effect for effect in effects_of(judged, basis) if effect.harm != "cosmetic"]
    parts = [
        f"in {effect.basic} of {scenarios} basic scenarios {effect.users}"
        if effect.basic
        else f"in {effect.cases} of {len(cases)} cases {effect.users}"
        for effect in effects[:NAMED]
    ]
    in_all = (
        f"; {len(effects)} such effects in {len(harmed)} of {len(cases)} cases" if len(effects) > 1 else ""
    )
    return f"your users will meet known defects: {'; '.join(parts)}{in_all}"


def _basic_cases(basis: Basis) -> set[str]:
    return {case.id for case in basis.cases if case.topic == BASIC_TOPIC}


def _rank(effect: Effect) -> tuple[bool, int, int, str]:
    return (
        not effect.basic,
        -_WEIGHTS[effect.harm] * (effect.basic or effect.cases),
        -effect.cases,
        effect.users,
    )
