"""Every check that a finding can name: those about one answer, and those of rules about sights."""

from collections.abc import Mapping

from tests.harness.judging.checks.bad_requests.rules import RULES as BAD
from tests.harness.judging.checks.clients.rules import RULES as CLIENTS
from tests.harness.judging.checks.load.rules import RULES as LOAD
from tests.harness.judging.registry import vocabulary
from tests.harness.judging.sight_rule import vocabulary_of


def every_vocabulary() -> Mapping[str, frozenset[str]]:
    """Check -> its symptoms, for those who name them in data files."""
    return {**vocabulary(), **vocabulary_of([*LOAD, *BAD, *CLIENTS])}
