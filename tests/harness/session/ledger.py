"""The ledger, read and checked against all that this suite can find, tag and ask."""

from functools import cache

from tests.harness.cases.bad_requests import load_bad_requests
from tests.harness.cases.cut_tags import CUT_TAGS
from tests.harness.cases.dialects.registry import known_parsers
from tests.harness.cases.load import own_cases
from tests.harness.cases.profiles import all_profiles
from tests.harness.cases.tags import TAGS
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.judging.ledger.load import Words, load_known_issues
from tests.harness.judging.ledger.match import ANY_PARSER, NO_PARSER, TOOL_SCHEMA
from tests.harness.judging.registry import vocabulary
from tests.harness.suites.clients.recording_client import ADDRESSES

_OF_ADDRESSES = {"forced", "other-address", "surface=chat", *(f"surface={name}" for name in ADDRESSES)}
"""What the tests of other addresses and clients say of their answers."""


def read_ledger() -> tuple[KnownIssue, ...]:
    """Return all entries. Raises UsageProblem."""
    return load_known_issues(words_of_entries())


@cache
def words_of_entries() -> Words:
    """Return what an entry can be about."""
    profiles = all_profiles()
    of_requests = frozenset().union(*(bad.tags for bad in load_bad_requests()))
    own = {profile.parser for profile in profiles if profile.parser}
    of_settings = {f"setting={profile.id}" for profile in profiles if profile.same_as}
    return Words(
        checks=vocabulary(),
        parsers={*known_parsers(), *own, ANY_PARSER, NO_PARSER, TOOL_SCHEMA},
        tags=TAGS | of_requests | of_settings | _OF_ADDRESSES,
        cuts=CUT_TAGS,
        cases={case.id for case in own_cases()},
    )
