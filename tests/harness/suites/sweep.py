"""Every place to cut a text: each single cut, and pairs of cuts, on an engine that cuts exactly where it is told."""

from itertools import combinations

from tests.harness.cases.splits import Plan, cut_positions, sweeps_pairs
from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.split import Split, at
from tests.harness.suites.forced import ForcedSuite


class SweepSuite(ForcedSuite):
    """A forced suite whose plans hold every cut of a text."""

    def skip_reason(self) -> str:
        """Return why nothing can be swept here; empty if it can."""
        if reason := super().skip_reason():
            return reason
        if not self.server.deployment.scripted:
            return "every cut of a text is tried where the scripted engine speaks: no model cuts where it is told"
        return ""

    def plan(self, case: Case, mode: Mode) -> Plan:
        """Return every cut of a case."""
        places = cut_positions(case)
        splits: list[Split] = [at(), *map(at, places)]
        if sweeps_pairs(case, self.depth):
            splits += [at(*pair) for pair in combinations(places, 2)]
        return self._answered(case, mode, Plan(tuple(splits), ()))
