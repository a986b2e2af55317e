"""Outcomes in: what became of each item is written down as soon as it is known, in the controller alone."""

from collections.abc import Sequence

import pytest

from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.verdict import Obstacle, Reason
from tests.harness.runfolder.write import add_outcome
from tests.harness.session.gate_session import GateSession
from tests.harness.session.narrowed import lacks_tests
from tests.harness.session.resolved_target import ResolvedTarget

PROPERTY = "xlam-gate"
"""Name of the user property that carries an outcome from the worker to the controller."""
PLUGIN = "xlam-gate-collector"


class OutcomeCollector:
    """A plugin object: pytest calls its hooks."""

    def __init__(self, gate: GateSession) -> None:
        """Begin without an outcome."""
        self._gate = gate
        self.partial = False
        """The user asked for a part of the items: nothing is stale, and what lacks is no coverage change."""
        self.counts: dict[str, int] = {}
        """Label -> outcomes written to its run file."""
        self.obstacles: dict[str, Reason] = {}
        """Label -> why there can be no verdict on it, whatever its outcomes say."""
        self._workers: dict[str, str] = {}
        """Label -> the xdist worker that its outcomes come from."""

    def mark_partial(self) -> None:
        """Note that the user left items out."""
        self.partial = True

    def mark_lost(self, label: str, kind: Obstacle, why: str) -> None:
        """Note a deployment of which not all outcomes will come."""
        self.obstacles.setdefault(label, Reason(kind, why))

    def labels_of(self, worker: str) -> list[str]:
        """Return the deployments that an xdist worker has tested; all that nothing is known of if it sent nothing."""
        labels = [label for label, sender in self._workers.items() if sender == worker]
        return labels or [
            target.label for target in self._gate.resolved_targets if target.label not in self.counts
        ]

    def judged_targets(self) -> list[ResolvedTarget]:
        """Return the targets of which something is known, the baseline first."""
        known = self.counts.keys() | self.obstacles.keys()
        mine = [target for target in self._gate.resolved_targets if target.label in known]
        return sorted(mine, key=lambda target: not target.is_baseline)

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Note that a filter left items out."""
        if items:
            self.mark_partial()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note that tests were not even collected."""
        if lacks_tests(items):
            self.mark_partial()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write down the outcome that a report carries: a killed run stays readable."""
        for name, value in report.user_properties:
            if name == PROPERTY:
                outcome = Outcome.from_json(str(value))
                if node := getattr(report, "node", None):
                    self._workers[outcome.deployment] = node.gateway.id
                self._write_down(outcome)

    def _write_down(self, outcome: Outcome) -> None:
        label = outcome.deployment
        if label in self.obstacles:
            return
        target = next(target for target in self._gate.resolved_targets if target.label == label)
        try:
            self._gate.begin_without_server(target)
            add_outcome(self._gate.run_folder(target), outcome)
            self.counts[label] = self.counts.get(label, 0) + 1
        except InfrastructureError as error:
            self.mark_lost(label, "unwritable", str(error))
