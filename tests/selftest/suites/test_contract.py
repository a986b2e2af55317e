"""The contract from the first request to the verdict: kept, broken, and replayed."""

from pathlib import Path
from typing import Any

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.cases.profiles import load_profile
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import MODES, Case
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.judge import Judge, reader_of
from tests.harness.servers.progress import Progress
from tests.harness.suites.contract import ContractSuite
from tests.harness.suites.forced import ForcedSuite
from tests.selftest.faulty_servers.changes import under_terms
from tests.selftest.faulty_servers.correct import (
    Wire,
    chunks_of,
    right_answer,
    stream_wire,
    whole_of,
    whole_wire,
)
from tests.selftest.jobs import job
from tests.selftest.parrot import answer_store_of
from tests.selftest.talking_server import Talker, defect, talking

CASES = {case.id: case for case in load_cases()}
CONTRACT = "test_contract and not at_address"


def test_a_right_server_keeps_the_contract_and_so_does_its_recording(tmp_path: Path) -> None:
    with talking() as server:
        live = job(tmp_path / "live", "--target", server.target, "-k", CONTRACT)
    assert live.status == 0, live.said
    run = live.run()
    results = {outcome.name: outcome.result for outcome in run.outcomes}
    assert set(results.values()) == {"passed"}
    again = job(tmp_path / "again", "--target", f"replay:{run.folder}", "-k", CONTRACT)
    assert {outcome.name: outcome.result for outcome in again.run().outcomes} == results


def test_where_nothing_is_forced_the_rest_is_asked(tmp_path: Path) -> None:
    some = f"{CONTRACT} and (tool-choice-none or tool-choice-named or history-content)"
    with talking() as server:
        asked = job(tmp_path, "--target", server.url, "-k", some).run()
    results = {outcome.case: outcome.result for outcome in asked.outcomes}
    assert results["tool-choice-none-and-a-call-as-text"] == "not-applicable"
    assert results["tool-choice-named"] == "not-applicable"
    assert results["tool-choice-none-for-weather"] == results["history-content-null"] == "passed"


def test_a_broken_contract_is_a_no_go_that_a_recording_shows_again(tmp_path: Path) -> None:
    some = f"{CONTRACT} and tool-choice-named-s"
    with talking(Talker(defect("named_call_ends_as_calls"))) as server:
        live = job(tmp_path / "live", "--target", server.target, "-k", some)
    assert live.status == 1
    assert "finish-reason/wrong" in live.said
    again = job(tmp_path / "again", "--target", f"replay:{live.runs[0]}", "-k", some)
    assert again.status == 1
    assert "finish-reason/wrong" in again.said


class NumbersAnew:
    """Answers rightly, and begins to count its ids anew in each answer."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def wire(self, request: dict[str, Any]) -> Wire:
        answer = right_answer(self.case)
        if not request["stream"]:
            return whole_wire(under_terms(whole_of(answer), request))
        chunks = chunks_of(answer, with_usage=True)
        return stream_wire([under_terms(chunk, request, is_first=False) for chunk in chunks])


@pytest.mark.parametrize("name", ["tool-choice-named", "three-choices-of-a-named-tool"])
def test_ids_that_come_again_are_told(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    with answer_store_of(NumbersAnew(case), tmp_path) as answer_store:
        judge = Judge((), "0.32.0")
        contract_suite = ContractSuite(answer_store, judge, ForcedSuite(answer_store, judge, "default"))
        contract_suite.record([(case, mode) for mode in MODES], 2, Progress(lambda _: None))
        contract_suite.confirmed(case, "whole")
        (judged,) = contract_suite.confirmed(case, "stream")
    names = {found.finding.name for found in judged.findings}
    assert names == {"unique-ids/answer-id", "unique-ids/call-id"}
    told = next(found.finding for found in judged.findings if found.finding.symptom == "call-id")
    assert told.got == "call_0"
    assert name in told.message


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("tool-choice-none-for-weather", "no-parser"),
        ("tool-choice-required", "tool-schema"),
        ("tool-choice-named", "tool-schema"),
        ("tool-choice-absent-for-a-joke", "xlam"),
    ],
)
def test_the_ledger_knows_who_reads_an_answer(name: str, reader: str, tmp_path: Path) -> None:
    named = CASES["tool-choice-named"]
    with answer_store_of(NumbersAnew(named), tmp_path) as answer_store:
        judge = Judge((), "0.32.0")
        contract_suite = ContractSuite(answer_store, judge, ForcedSuite(answer_store, judge, "default"))
        (answer,) = contract_suite.confirmed(named, "whole")
        recorded = answer_store.recorded_answer(answer.exchange)
    assert recorded is not None
    context = CheckContext.of(named, recorded.exchange, load_profile("fixture"))
    assert reader_of(CASES[name].request_options.request, context.profile) == reader


def test_terms_are_tags() -> None:
    tags = tags_of(CASES["tool-choice-named"])
    assert {"request=tool_choice", "tool-choice=named"} <= tags
    assert "stopped" in tags_of(CASES["stop-in-arguments"])
    assert "stopped" not in tags_of(CASES["stop-that-never-comes"])
