"""What an item may do to its server: in which order items run, and which never run on a borrowed one unasked."""

from collections.abc import Collection
from typing import Any

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.risk import RISKS, Risk, as_risk
from tests.harness.servers.registry import provider_of
from tests.harness.session.resolved_target import ResolvedTarget


def risk_of(item: pytest.Item) -> Risk:
    """Return the greatest risk that the item's markers name. Raises pytest.UsageError for one that does not exist."""
    words = [word for marker in item.iter_markers("risk") for word in marker.args]
    try:
        return max(map(as_risk, words), key=RISKS.index, default="none")
    except UsageProblem as problem:
        raise pytest.UsageError(f"{item.nodeid}: marker risk: {problem}") from None


def may_not_run(risk: Risk, resolved: ResolvedTarget, allowed: Collection[Risk]) -> str:
    """Return why an item stays away from a deployment; empty: it runs."""
    if risk == "none" or risk in allowed or not provider_of(resolved.target).BORROWS:
        return ""
    harm = {"load": "load", "crash": "kill"}[risk]
    return f"it may {harm} a server that is not ours: only with --allow {risk}"


def by_risk(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the items, those of each deployment in the order none, load, crash."""
    first: dict[Any, int] = {}
    for place, item in enumerate(items):
        first.setdefault(_label(item), place)
    return sorted(items, key=lambda item: (first[_label(item)], RISKS.index(risk_of(item))))


def _label(item: pytest.Item) -> str:
    """Return the label of an item's deployment; its node id where it has none, so that it stays where it is."""
    callspec = getattr(item, "callspec", None)
    resolved = callspec.params.get("deployment") if callspec else None
    return resolved.label if isinstance(resolved, ResolvedTarget) else item.nodeid
