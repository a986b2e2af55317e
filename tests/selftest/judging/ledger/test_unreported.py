"""What nobody has reported yet is ready for it: a request that shows the defect by a text of its kind."""

import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.harness.cases.bad_requests import load_bad_requests
from tests.harness.cases.dialects.registry import known_dialects
from tests.harness.cases.forcing_by_grammar import grammar_of
from tests.harness.cases.load import load_cases
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import Case
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.judging.checks import bad_requests, clients
from tests.harness.judging.ledger.load import KNOWN_ISSUES
from tests.harness.session.ledger import read_ledger

ISSUES = read_ledger()
TEXT = (KNOWN_ISSUES / "unreported.md").read_text("utf-8")
SECTIONS = {
    section.partition("\n")[0]: section for section in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
}
CASES = [case for dialect in known_dialects() for case in load_cases(dialect=dialect)]


@pytest.mark.parametrize("issue", [issue for issue in ISSUES if issue.cases], ids=lambda issue: issue.id)
def test_the_cases_that_an_entry_names_have_its_tags(issue: KnownIssue) -> None:
    """It would be about fewer of them than it says."""
    tags = {case.id: tags_of(case) for case in CASES if case.id in issue.cases}
    assert tags.keys() == set(issue.cases)
    assert all(set(issue.tags) <= of_case for of_case in tags.values())


def test_no_section_is_forgotten() -> None:
    named = {issue.upstream.partition("#")[2] for issue in ISSUES if "://" not in issue.upstream}
    assert set(SECTIONS) == named


def ids_in(package: ModuleType) -> set[str]:
    """Return the ids of the checks in a folder: each is named as its file."""
    return {path.stem.replace("_", "-") for path in Path(package.__path__[0]).glob("[a-z]*.py")}


def require_a_bad_request(section: str, about: list[KnownIssue]) -> None:
    """Its entries are about the requests that it names, one by one or by their tags, and about no others."""
    named = set(re.findall(r"`bad=([a-z0-9-]+)`", section))
    selected = {bad.id for bad in load_bad_requests() for issue in about if set(issue.tags) <= bad.tags}
    assert named == selected or all(f"`{tag}`" in section for issue in about for tag in issue.tags)
    assert "curl -s" in section


def is_of_another_address(issue: KnownIssue) -> bool:
    return any(tag == "other-address" or tag.startswith("surface=") for tag in issue.tags)


def _is_about(issue: KnownIssue, case: Case) -> bool:
    return set(issue.tags) <= tags_of(case) and (not issue.cases or case.id in issue.cases)


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_shows_a_text_that_its_entries_are_about(name: str) -> None:
    about = [issue for issue in ISSUES if issue.upstream == f"unreported.md#{name}"]
    shown = {shown.check for issue in about for shown in issue.shows}
    if shown & ids_in(bad_requests):
        require_a_bad_request(SECTIONS[name], about)
        return
    if shown <= ids_in(clients) or all(map(is_of_another_address, about)):
        assert all(f"`{tag}`" in SECTIONS[name] for issue in about for tag in issue.tags)
        assert 'curl -sN "$URL/v1/' in SECTIONS[name]
        return
    (body,) = re.findall(r"<<'BODY'\n(.*)\nBODY$", SECTIONS[name], flags=re.MULTILINE)
    request = json.loads(body)
    cases = [case for case in _cases_of(request) if any(_is_about(issue, case) for issue in about)]
    assert cases
    for case in cases:
        assert request["max_tokens"] >= len((case.text or "").encode())
        assert {call.name for call in case.calls} <= {
            tool["function"]["name"] for tool in request.get("tools", [])
        }


def _cases_of(request: dict[str, Any]) -> list[Case]:
    """Those whose text is forced or, where nothing is, those that offer the same tools on the same terms, or
    ask the same where they offer none."""
    if "structured_outputs" in request:
        grammar = request["structured_outputs"]["grammar"]
        return [case for case in CASES if case.text and grammar_of(case.text) == grammar]
    choice, tools = request.get("tool_choice"), request.get("tools", [])
    return [
        case
        for case in CASES
        if case.request_options.request.get("tool_choice") == choice
        and list(case.tools) == tools
        and (tools or list(case.messages) == request["messages"])
    ]
