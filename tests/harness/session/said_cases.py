"""The cases of a session whose deployments may speak different dialects: each item gets the case as its own says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.harness.core.records.case import Case


@dataclass(frozen=True)
class SaidCase:
    """One case, as the dialects of a session's deployments say it."""

    id: str
    by_dialect: Mapping[str, Case]
    """Without those that do not say it, or to which a test does not put it."""

    @property
    def any(self) -> Case:
        """Return it in one of its dialects, for what is the same in all."""
        return next(iter(self.by_dialect.values()))


def said_cases(chosen: Mapping[str, Sequence[Case]]) -> list[SaidCase]:
    """Return each case that one of the dialects has chosen, in the order in which they have it."""
    ids = dict.fromkeys(case.id for cases in chosen.values() for case in cases)
    by_id = {dialect: {case.id: case for case in cases} for dialect, cases in chosen.items()}
    return [SaidCase(id_, {name: by_id[name][id_] for name in by_id if id_ in by_id[name]}) for id_ in ids]


def in_its_dialect(params: dict[str, Any]) -> dict[str, Any]:
    """Return an item's parameters with the case as its deployment's dialect says it; None: not at all."""
    said = params.get("case")
    if not isinstance(said, SaidCase):
        return params
    return {**params, "case": said.by_dialect.get(params["deployment"].profile.dialect)}
