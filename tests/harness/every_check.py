"""Every check that a finding can name: those about one answer, and those about many requests together."""

from collections.abc import Mapping

from tests.harness.bad.rules import bad_vocabulary
from tests.harness.callers.rules import caller_vocabulary
from tests.harness.checks.registry import vocabulary
from tests.harness.load.rules import load_vocabulary


def every_vocabulary() -> Mapping[str, frozenset[str]]:
    """Check -> its symptoms, for those who name them in data files."""
    return {**vocabulary(), **load_vocabulary(), **bad_vocabulary(), **caller_vocabulary()}
