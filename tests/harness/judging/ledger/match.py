"""Which entry of the ledger a finding is, and which entries an answer should show."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.known_issue import KnownIssue, Shows
from tests.harness.judging.ledger.versions import covers

NO_PARSER, TOOL_SCHEMA = "no-parser", "tool-schema"
"""What reads an answer where the request leaves the parser out."""
ANY_PARSER = "any-parser"
"""In an entry: whichever parser reads."""


@dataclass(frozen=True)
class Place:
    """Where an answer came from: the columns by which an entry selects."""

    version: str
    """vLLM's, as the server says it."""
    parser: str
    mode: str
    tags: Collection[str]
    cut_tags: Collection[str] | None
    """None: the cut is not known, so that it may be any."""
    case: str = ""
    """Id of the case that was asked."""


def explain(finding: Finding, issues: Sequence[KnownIssue], place: Place) -> KnownIssue | None:
    """Return the first entry that names this finding in this place; None: nobody knows it."""
    for issue in issues:
        if is_about(issue, place) and _names(issue.shows, finding):
            return issue
    return None


def covering(issues: Sequence[KnownIssue], place: Place) -> tuple[KnownIssue, ...]:
    """Return the `must` entries that an answer in this place should show."""
    return tuple(
        issue
        for issue in issues
        if issue.strength == "must"
        and is_about(issue, place)
        and (place.cut_tags is not None or not issue.cuts)
    )


def is_about(issue: KnownIssue, place: Place) -> bool:
    """Return whether an entry is about answers in this place, whatever they show."""
    return (
        _is_read_by(place.parser, issue.parsers)
        and place.mode in issue.modes
        and set(issue.tags) <= set(place.tags)
        and (not issue.cases or place.case in issue.cases)
        and (place.cut_tags is None or set(issue.cuts) <= set(place.cut_tags))
        and covers(issue, place.version)
    )


def _is_read_by(reader: str, parsers: Collection[str]) -> bool:
    return reader in parsers or (ANY_PARSER in parsers and reader not in (NO_PARSER, TOOL_SCHEMA))


def _names(shows: Iterable[Shows], finding: Finding) -> bool:
    return any(
        shown.check == finding.check
        and finding.symptom in shown.symptoms
        and re.search(shown.got, finding.got)
        for shown in shows
    )
