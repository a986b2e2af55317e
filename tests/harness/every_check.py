"""Every check that a finding can name: those about one answer, and those of rules about sights."""

from collections.abc import Mapping

from tests.harness.bad.rules import RULES as BAD
from tests.harness.callers.rules import RULES as CALLERS
from tests.harness.checks.registry import vocabulary
from tests.harness.load.rules import RULES as LOAD
from tests.harness.sight_rule import vocabulary_of


def every_vocabulary() -> Mapping[str, frozenset[str]]:
    """Check -> its symptoms, for those who name them in data files."""
    return {**vocabulary(), **vocabulary_of([*LOAD, *BAD, *CALLERS])}
