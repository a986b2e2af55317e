"""Every rule is seen to fail: each faulty server causes exactly the findings that it pins."""

from dataclasses import replace

import pytest

from tests.harness.core.records.case import MODES, Case, Mode
from tests.harness.judging.registry import all_checks, answer_checks
from tests.harness.suites.clients.recording_client import ADDRESSES
from tests.selftest.faulty_servers import correct
from tests.selftest.faulty_servers.scripts import Script, faulty_servers, script_of
from tests.selftest.judging.checks.asking import CASES, ask

SCRIPTS = faulty_servers()
CORRECT = script_of(correct)

ASKED = [case for case in CASES if case.depth == "default" and case.topic not in ADDRESSES]
"""In the words of the chat address, which a faulty server has."""
ROUNDS = [
    pytest.param(case, round_, id=f"{case.id}-{round_}")
    for round_ in (1, 2)
    for case in ASKED
    if round_ == 1 or case.follow_up is not None
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_faulty_server_causes_what_it_pins(script: Script, mode: Mode) -> None:
    findings = ask(script, mode)
    assert {finding.name for finding in findings} == script.findings[mode]
    for finding in findings:
        assert finding.message.endswith(".")
        assert finding.expected
        assert finding.got
        assert finding.source.startswith("https://")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("case", "round_"), ROUNDS)
def test_the_correct_server_has_no_findings(case: Case, round_: int, mode: Mode) -> None:
    assert ask(replace(CORRECT, round=round_), mode, case) == ()


def test_every_symptom_is_shown_by_a_faulty_server() -> None:
    shown = {name for script in SCRIPTS for names in script.findings.values() for name in names}
    known = {f"{check.id}/{symptom}" for check in answer_checks() for symptom in check.symptoms}
    assert shown == known


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_faulty_server_says_its_defect(script: Script) -> None:
    assert script.defect.endswith(".")
    assert set(script.findings) == set(MODES)
    assert any(script.findings.values())


def test_every_check_says_what_it_rests_on() -> None:
    for check in all_checks():
        assert check.source.startswith("https://"), check.id
        assert all(meaning.endswith(".") for meaning in check.symptoms.values()), check.id
