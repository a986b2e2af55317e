"""Which splits a text is sent under, and which do not apply to a deployment, with the reason."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from packaging.version import Version

from tests.harness.cases.forcing_by_script import script_of
from tests.harness.cases.since import is_at_least
from tests.harness.core.records.case import Case, Depth
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.split import CHAR, NATURAL, Split, at, every, random

INTERVALS = (3, 5, 13, 50, 1000)
MORE_INTERVALS = (2, 3, 5, 8, 13, 50, 1000)
SEEDS = (1, 4)
"""The fourth cuts each name of two calls, which one known defect takes."""
SEEDS_OF_CORE = (1, 2)
MORE_SEEDS = (1, 2, 3, 4, 5, 6)
LONG = 600
"""Characters from which a text goes under fewer splits: every character is a token of its own in most of them."""
LONG_SPLITS = (NATURAL, every(50))
VERY_LONG = 5000
VERY_LONG_SPLITS = (NATURAL, every(1000))
CUT_SPLITS = (CHAR, every(3), every(50))
"""One token a character: so the limit cuts where the case says."""
CORE = "forced-core"
"""Topic of the texts that are cut everywhere."""
LONGEST_SWEPT = 140
"""Characters of a core text that is cut everywhere in each run."""
LONGEST_OF_PAIRS = 40
"""Characters of a text whose pairs of cuts are tried in each run: 780 streams of three deltas."""
LONGEST_OF_PAIRS_IN_FULL = 90
REQUEST_INTERVAL_SINCE = Version("0.27.1")
"""First release that takes `stream_interval` in a request."""


@dataclass(frozen=True)
class Plan:
    """The splits of one text on one deployment."""

    splits: tuple[Split, ...]
    not_applicable: tuple[tuple[str, str], ...]
    """(split, reason) of those that this deployment does not offer."""


def plan_splits(
    case: Case, profile: Profile, version: str, depth: Depth = "default", *, cuts_exactly: bool = False
) -> Plan:
    """Return all splits of a text; each either applies or says why not.

    `cuts_exactly`: a request says where each delta ends, so no release has to take an interval.
    """
    wanted = _wanted(case, profile, depth, (at(),) if cuts_exactly else ())
    reasons = {
        split.name: skip_reason_of(split, profile, version, cuts_exactly=cuts_exactly) for split in wanted
    }
    offered = tuple(split for split in wanted if not reasons[split.name])
    return Plan(
        _distinct(case, offered) if cuts_exactly else offered,
        tuple((name, reason) for name, reason in reasons.items() if reason),
    )


def is_swept(case: Case, depth: Depth) -> bool:
    """Return whether every cut of a text is tried: of the core texts, and in a deeper run of every text."""
    is_core = case.topic == CORE and len(case.text or "") <= LONGEST_SWEPT
    return is_unbounded(case) and (is_core or depth != "default")


def sweeps_pairs(case: Case, depth: Depth) -> bool:
    """Return whether every pair of cuts of a text is tried, too."""
    longest = LONGEST_OF_PAIRS if depth == "default" else LONGEST_OF_PAIRS_IN_FULL
    return case.topic == CORE and len(case.text or "") <= longest


def cut_positions(case: Case) -> range:
    """Return all offsets at which a text can be cut in two."""
    return range(1, len(case.text or ""))


def is_unbounded(case: Case) -> bool:
    """Return whether a text goes under every split: neither a cut, a term of its request nor its length forbids one."""
    return (
        case.cut is None
        and not (case.request_options.request or case.request_options.omit or case.request_options.splits)
        and len(case.text or "") <= LONG
    )


def whole_split(case: Case, profile: Profile) -> Plan:
    """Return the plan of a whole answer: uncut, but one token a character for a text that a token limit cuts."""
    if case.cut is None:
        return Plan((NATURAL,), ())
    reason = _offered(CHAR, profile)
    return Plan((), ((CHAR.name, reason),)) if reason else Plan((CHAR,), ())


def _wanted(case: Case, profile: Profile, depth: Depth, uncut: tuple[Split, ...]) -> tuple[Split, ...]:
    if profile.stream_interval is not None:
        return (Split(f"every-{profile.stream_interval}", by_character=True),)
    if case.request_options.splits:
        return tuple(map(_named, case.request_options.splits))
    if case.cut is not None:
        return CUT_SPLITS
    if len(case.text or "") > LONG:
        return VERY_LONG_SPLITS if len(case.text or "") > VERY_LONG else LONG_SPLITS
    if depth == "default" and case.topic != CORE:
        return (NATURAL, CHAR, *map(every, INTERVALS), *map(random, SEEDS), *uncut)
    seeds = SEEDS_OF_CORE if depth == "default" else MORE_SEEDS
    return (NATURAL, CHAR, *map(every, MORE_INTERVALS), *map(random, seeds), *uncut)


def _distinct(case: Case, splits: tuple[Split, ...]) -> tuple[Split, ...]:
    """Return the splits less those that cut this text as one before them does."""
    by_script: dict[str, Split] = {}
    for split in splits:
        by_script.setdefault(repr(script_of(case.text or "", split)), split)
    return tuple(by_script.values())


def _named(name: str) -> Split:
    known = {split.name: split for split in (NATURAL, CHAR)}
    return known.get(name) or every(int(name.removeprefix("every-")))


def _offered(split: Split, profile: Profile) -> str:
    if split.cuts is not None or any(fnmatchcase(split.name, pattern) for pattern in profile.splits):
        return ""
    return f"the profile {profile.id} does not offer the split {split.name}"


def skip_reason_of(split: Split, profile: Profile, version: str, *, cuts_exactly: bool = False) -> str:
    """Return why a deployment does not offer a split; empty if it does."""
    if reason := _offered(split, profile):
        return reason
    if split.interval and not (cuts_exactly or takes_interval(version)):
        return f"vLLM {version} takes no stream_interval in a request (from {REQUEST_INTERVAL_SINCE} on)"
    return ""


def takes_interval(version: str) -> bool:
    """Return whether a request can set the interval; a build that does not know its version is taken for a new one."""
    return is_at_least(version, REQUEST_INTERVAL_SINCE)
