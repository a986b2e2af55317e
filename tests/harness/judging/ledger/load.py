"""The ledger: `tests/known_issues/`, read and checked."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.known_issue import KnownIssue, Shows
from tests.harness.core.toml_files import read_toml
from tests.harness.judging.ledger.versions import release_of

KNOWN_ISSUES = Path(__file__).parents[3] / "known_issues"
_SCHEMA = Path(__file__).with_name("known_issue.schema.json")
_MOST_LISTED = 100
"""Words in a message."""
_LISTS = ("parsers", "modes", "cuts", "tags", "cases")

Vocabulary = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Words:
    """All that an entry can be about: one that is about something else would never match, and never be stale."""

    checks: Vocabulary
    """Each check with its symptoms."""
    parsers: Collection[str]
    tags: Collection[str]
    """One that ends in `=` stands for all that begin so."""
    cuts: Collection[str]
    cases: Collection[str]
    """Ids."""


def load_known_issues(words: Words, folder: Path = KNOWN_ISSUES) -> tuple[KnownIssue, ...]:
    """Return all entries, in the order of files and lines.

    Raises UsageProblem: file, entry, field, what is wrong and what would be right, in one line.
    """
    issues = [issue for path in sorted(folder.glob("*.toml")) for issue in _issues_of(path, words.checks)]
    for issue in issues:
        _require_known_words(issue, words)
        _require_streams(issue)
        _require_reason(issue)
    seen: dict[str, KnownIssue] = {}
    for issue in issues:
        if issue.id in seen:
            raise _problem(
                issue.source, issue.id, "id", f"{seen[issue.id].source} has it already", "a new id"
            )
        seen[issue.id] = issue
    return tuple(issues)


def _issues_of(path: Path, vocabulary: Vocabulary) -> list[KnownIssue]:
    return [_issue(entry, path, vocabulary) for entry in read_toml(path, _SCHEMA)["issue"]]


def _issue(entry: dict[str, Any], path: Path, vocabulary: Vocabulary) -> KnownIssue:
    place = str(path), entry["id"]
    try:
        SpecifierSet(entry["versions"])
    except InvalidSpecifier:
        wrong = f"{entry['versions']!r} is no version specifier"
        raise _problem(*place, "versions", wrong, 'PEP 440, e.g. ">=0.23.0,<0.34"') from None
    if release_of(entry["last_seen"]) is None:
        wrong = f"{entry['last_seen']!r} is no released version"
        raise _problem(*place, "last_seen", wrong, 'a release, e.g. "0.32.0"')
    _require_heading(path, entry["upstream"], place)
    shows = tuple(_shows(shown, place, vocabulary) for shown in entry["shows"])
    lists = {name: tuple(entry.get(name, ())) for name in _LISTS}
    return KnownIssue(**{**entry, **lists, "shows": shows, "source": str(path)})


def _require_known_words(issue: KnownIssue, words: Words) -> None:
    """Raise unless there are the parsers, tags, cuts and cases that an entry names."""
    for field, known, what in (
        ("parsers", words.parsers, "no dialect and no profile has the parser"),
        ("tags", words.tags, "no text and no request has the tag"),
        ("cuts", words.cuts, "nothing is known of a cut of the name"),
        ("cases", words.cases, "there is no case"),
    ):
        for word in getattr(issue, field):
            if word not in known and f"{word.partition('=')[0]}=" not in known:
                raise _problem(issue.source, issue.id, field, f"{what} {word!r}", _alike(word, known))


def _alike(word: str, known: Collection[str]) -> str:
    """Return the known words of the same kind: `bad=...` for one that begins so, plain ones for a plain one.

    Of more than anybody would read, those that are spelt nearly so.
    """
    kind, equals, _ = word.partition("=")
    alike = [one for one in known if one.partition("=")[:2] == (kind, equals)]
    alike = alike if equals and alike else [one for one in known if "=" not in one or one.endswith("=")]
    if len(alike) > _MOST_LISTED:
        return f"such as {_listed(get_close_matches(word, sorted(alike), cutoff=0))}"
    return f"one of {_listed(alike)}"


def _require_streams(issue: KnownIssue) -> None:
    """Raise if an entry is about cuts of answers that come in one piece."""
    if issue.cuts and "whole" in issue.modes:
        wrong = "a whole answer has no cut, and the entry names cuts"
        raise _problem(issue.source, issue.id, "modes", wrong, '["stream"], or no cuts')


def _require_reason(issue: KnownIssue) -> None:
    """Raise unless a `may`, and no other entry, says what decides whether it shows."""
    if issue.strength == "may" and not issue.because:
        right = 'a sentence on what decides whether it shows, or strength = "must"'
        raise _problem(issue.source, issue.id, "because", "a `may` does not say why it is none", right)
    if issue.strength == "must" and issue.because:
        right = "no such field: it shows wherever the entry applies"
        raise _problem(issue.source, issue.id, "because", "a `must` has a reason to be a `may`", right)


def _require_heading(path: Path, upstream: str, place: tuple[str, str]) -> None:
    """Raise unless an issue that nobody has reported yet is ready for it."""
    name, hash_, heading = upstream.partition("#")
    if not hash_ or upstream.startswith("https:"):
        return
    notes = path.with_name(name)
    if not notes.is_file() or f"\n## {heading}\n" not in notes.read_text("utf-8"):
        right = "a section there with a request that shows the defect, or a link to the thread"
        raise _problem(*place, "upstream", f"{notes} has no heading {heading!r}", right)


def _shows(shown: dict[str, Any], place: tuple[str, str], vocabulary: Vocabulary) -> Shows:
    check = shown["check"]
    if check not in vocabulary:
        raise _problem(*place, "shows.check", f"there is no check {check!r}", f"one of {_listed(vocabulary)}")
    for symptom in shown["symptoms"]:
        if symptom not in vocabulary[check]:
            wrong = f"{check} has no symptom {symptom!r}"
            raise _problem(*place, "shows.symptoms", wrong, f"one of {_listed(vocabulary[check])}")
    pattern = shown.get("got", "")
    try:
        re.compile(pattern)
    except re.error as error:
        wrong = f"{pattern!r} is no regular expression ({error})"
        raise _problem(*place, "shows.got", wrong, "an expression that Python's re takes") from None
    return Shows(check, tuple(shown["symptoms"]), pattern)


def _listed(words: Collection[str]) -> str:
    return ", ".join(sorted(words))


def _problem(source: str, issue: str, field: str, wrong: str, right: str) -> UsageProblem:
    return UsageProblem(f'{source}: issue "{issue}", field {field}: {wrong}; right would be: {right}')
