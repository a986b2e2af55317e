"""What a request asks for beside its question is judged at the server's other addresses as at the chat address."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.core.records.case import MODES, Case, Mode
from tests.harness.servers.addresses import listed_addresses
from tests.harness.suites.clients.contract import AddressContract
from tests.harness.suites.clients.suite import ClientSuite
from tests.scripted_engine.scripted_engine.script import script_in_prompt
from tests.selftest.jobs import Job, job
from tests.selftest.scripted import Received, ScriptedServer, Step, whole
from tests.selftest.suites.clients import answers
from tests.selftest.suites.clients.answers import (
    MENTIONED,
    NAME,
    answered,
    good,
    message,
    response,
)
from tests.selftest.suites.load.busy_server import recordings_at

CASES = {case.id: case for case in load_cases()}
TOLD, ASKED = CASES["messages-result-text"], CASES["messages-system-text"]
"""The answer is a text that the result is in; the answer is a call."""
ONE_CALL = replace(CASES["messages-auto-one-at-a-time"], text=None)
WEATHER = CASES["messages-system-turn"]
"""May be refused."""
Answer = Callable[[Received], Iterable[Step]]


def use(number: int = 0, name: str = NAME, **arguments: Any) -> dict[str, Any]:
    wanted = arguments or ASKED.calls[0].arguments
    return {"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": wanted}


TEXT = {"type": "text", "text": MENTIONED}
RIGHT, CALL = message([TEXT], "end_turn"), message([use()])
ERROR = {"error": {"message": "no tools here", "type": "BadRequestError"}}
REFUSED = {"type": "error", **ERROR}


@contextmanager
def contract_at(answer: Answer, folder: Path, *, scripted: bool = False) -> Iterator[AddressContract]:
    with ScriptedServer(answer) as running, recordings_at(running.url, folder) as answer_store:
        server = answer_store.server
        server.deployment = replace(server.deployment, scripted=scripted)
        answer_store.server.addresses = listed_addresses(running.url, None)
        client_suite = ClientSuite(answer_store)
        contract = AddressContract(answer_store, client_suite)
        yield contract
        contract.close()
        client_suite.close()


def found(answer: Answer, case: Case, mode: Mode, folder: Path, endpoint: str = "") -> set[str]:
    with contract_at(answer, folder) as contract:
        return set(contract.observe(endpoint or case.topic, case, mode).names)


def saying(body: object, status: str = "200 OK") -> Answer:
    return lambda request: [whole(body if request.method == "POST" else {}, status)]


@pytest.mark.parametrize(
    ("case", "body", "names"),
    [
        (TOLD, RIGHT, set()),
        (TOLD, {**RIGHT, "stop_reason": "max_tokens"}, {"token-limit/reached"}),
        (TOLD, {**RIGHT, "stop_reason": "tool_use"}, {"finish-reason/wrong"}),
        (TOLD, {**RIGHT, "stop_reason": None}, {"finish-reason/missing"}),
        (TOLD, {**RIGHT, "stop_sequence": "END"}, {"messages-object/stop-sequence"}),
        (TOLD, message([{"type": "text", "text": "Done."}], "end_turn"), {"mentions/missing-fact"}),
        (TOLD, message([], "end_turn"), {"content/lost"}),
        (TOLD, message([use(), TEXT]), {"offered-name/invented-call"}),
        (TOLD, message([{"type": "tool_use"}]), {"client-view/malformed"}),
        (TOLD, None, {"client-view/malformed"}),
        (ASKED, CALL, set()),
        (ASKED, message([], "end_turn"), {"expected-calls/no-answer"}),
        (ASKED, message([use(location="Oslo", unit="celsius")]), {"arguments-value/other-value"}),
        (ASKED, message([{**use(), "name": "other"}]), {"offered-name/invented-call"}),
        (ASKED, message([use(), TEXT]), {"content/unexpected-text"}),
        (ONE_CALL, message([use(name="get", key="a")]), set()),
        (
            ONE_CALL,
            message([use(name="get", key="a"), use(1, name="get", key="b")]),
            {"tool-choice/parallel-calls"},
        ),
    ],
)
def test_a_message_shows_what_is_wrong_with_it_and_no_more(
    case: Case, body: object, names: set[str], tmp_path: Path
) -> None:
    assert found(saying(body), case, "whole", tmp_path) == names


def told(endpoint: str, whole_text: str = MENTIONED) -> Answer:
    """A server that says what the tools said, streamed and whole."""
    part = {"type": "output_text", "text": whole_text, "annotations": []}
    kinds = {
        "messages": (answers.messages_text_events(), message([{**TEXT, "text": whole_text}], "end_turn")),
        "responses": (
            answers.responses_text_events(),
            response([{**answers.text_item(), "content": [part]}]),
        ),
    }

    def answer(request: Received) -> Iterable[Step]:
        return answered(request.json(), *kinds[endpoint]) if request.method == "POST" else [whole({})]

    return answer


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["messages-result-text", "responses-output-text"])
def test_streamed_and_whole_have_to_say_the_same(name: str, mode: Mode, tmp_path: Path) -> None:
    case = CASES[name]
    assert found(told(case.topic), case, mode, tmp_path / "alike") == set()
    differs = found(told(case.topic, f"{MENTIONED}!"), case, mode, tmp_path / "other")
    assert differs == ({"parity/content-differs"} if mode == "stream" else set())


def test_what_is_wrong_with_a_stream_alone_is_told_of_it_too(tmp_path: Path) -> None:
    events = answers.responses_text_events()
    events[-1]["response"]["usage"] = None

    def answer(request: Received) -> Iterable[Step]:
        if request.method == "GET":
            return [whole({})]
        return answered(request.json(), events, response([answers.text_item()]))

    assert found(answer, CASES["responses-output-text"], "stream", tmp_path) == {"responses-object/usage"}
    events[2]["type"] = "response.other"
    out_of_order = found(answer, CASES["responses-output-text"], "stream", tmp_path / "out-of-order")
    assert out_of_order == {"responses-events/out-of-order"}


CHOICE = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi."}}


@pytest.mark.parametrize(
    ("case", "status", "body", "names"),
    [
        (TOLD, "400 Bad Request", REFUSED, {"client-view/refused"}),
        (WEATHER, "200 OK", CALL, set()),
        (WEATHER, "400 Bad Request", REFUSED, set()),
        (WEATHER, "400 Bad Request", ERROR, {"refusal/silent"}),
        (WEATHER, "400 Bad Request", {"detail": "no"}, {"refusal/no-error-object"}),
        (WEATHER, "500 Internal Server Error", REFUSED, {"client-view/refused"}),
        (CASES["batch-tools"], "400 Bad Request", ERROR, set()),
        (CASES["batch-tools"], "400 Bad Request", {}, {"refusal/no-error-object"}),
        (CASES["batch-tools"], "200 OK", {"choices": [CHOICE]}, {"expected-calls/text-instead-of-calls"}),
        (CASES["batch-tool-demanded"], "200 OK", {"choices": [CHOICE]}, {"tool-choice/no-call"}),
        (CASES["batch-tools"], "200 OK", {"choices": []}, {"client-view/malformed"}),
    ],
)
def test_a_request_may_be_refused_where_its_case_says_so_and_then_clearly(
    case: Case, status: str, body: object, names: set[str], tmp_path: Path
) -> None:
    assert found(saying(body, status), case, "whole", tmp_path) == names


CUT = CASES["one-call-cut-off-cut-3"]


@pytest.mark.parametrize(
    ("reason", "content", "names"),
    [
        ("max_tokens", [use(**CUT.calls[0].arguments)], set()),
        ("max_tokens", [{**use(), "input": {}}], set()),
        ("max_tokens", [], {"cut-off/lost"}),
        ("end_turn", [{**use(), "input": {}}], {"finish-reason/wrong"}),
        (
            "max_tokens",
            [use(location="Oslo", unit="celsius")],
            {"cut-off/other-arguments", "provenance/value"},
        ),
        ("max_tokens", [{"type": "text", "text": "No."}], {"cut-off/other-text", "provenance/text"}),
    ],
)
def test_an_answer_that_is_cut_says_so_and_holds_a_beginning(
    reason: str, content: list[dict[str, Any]], names: set[str], tmp_path: Path
) -> None:
    with contract_at(saying(message(content, reason)), tmp_path, scripted=True) as contract:
        assert contract.observe("messages", CUT, "whole").names == names


def kept(answer: Answer, bodies: list[Any]) -> Answer:
    """The same server, and what it was asked."""

    def keep(request: Received) -> Iterable[Step]:
        if request.method == "POST":
            bodies.append(request.json())
        return answer(request)

    return keep


def test_the_terms_of_the_chat_address_and_the_script_are_sent_in_the_words_of_another(
    tmp_path: Path,
) -> None:
    case = replace(CUT, request_options=replace(CUT.request_options, omit=("messages",)))
    bodies: list[Any] = []
    with contract_at(kept(saying(CALL), bodies), tmp_path, scripted=True) as contract:
        contract.observe("messages", case, "whole")
    script = script_in_prompt(bodies[0]["messages"][-1]["content"])
    assert script is not None
    assert (script.text, script.unit) == (CUT.text, "character")
    assert bodies[0]["max_tokens"] == len(CUT.emitted_text)


def test_what_a_case_of_an_address_leaves_out_is_not_sent_there(tmp_path: Path) -> None:
    bodies: list[Any] = []
    found(kept(saying({}), bodies), CASES["batch-tools"], "whole", tmp_path)
    assert bodies[0]["tools"]
    assert "tool_choice" not in bodies[0]


def test_all_that_is_asked_ahead_is_asked_once(tmp_path: Path) -> None:
    case = CASES["responses-output-text"]
    bodies: list[Any] = []
    with contract_at(kept(told("responses"), bodies), tmp_path) as contract:
        contract.ask_ahead([("responses", case, mode) for mode in MODES], 2)
        for mode in MODES:
            contract.observe("responses", case, mode)
    assert sorted(body["stream"] for body in bodies) == [False, True]


FORMAT = replace(
    TOLD, topic="contract-format", request_options=replace(TOLD.request_options, request={"n": 2})
)


@pytest.mark.parametrize(
    ("case", "scripted", "reason"),
    [
        (TOLD, False, ""),
        (CASES["messages-auto"], False, "told to the scripted engine alone"),
        (CASES["messages-tool"], False, "told to the scripted engine alone"),
        (CASES["messages-auto"], True, ""),
        (CASES["messages-result-and-words"], False, "the fixture model was not taught what to say to this"),
        (CASES["messages-result-and-words"], True, ""),
        (FORMAT, True, "/v1/messages has no words for n as this case has it"),
    ],
)
def test_why_a_case_is_not_asked_is_said(case: Case, scripted: bool, reason: str, tmp_path: Path) -> None:
    with contract_at(saying({}), tmp_path, scripted=scripted) as contract:
        said = contract.skip_reason("messages", case, "whole")
    assert (reason in said) if reason else (said == "")


def test_an_address_that_is_not_listed_is_not_asked(tmp_path: Path) -> None:
    with contract_at(lambda _: [whole({"paths": {"/v1/responses": {}}})], tmp_path) as contract:
        assert contract.skip_reason("responses", CASES["responses-output-text"], "whole") == ""
        unlisted = contract.skip_reason("batch", CASES["batch-text"], "whole")
    assert unlisted == "the server does not list /v1/chat/completions/batch in its /openapi.json"


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("messages-auto", "xlam"),
        ("messages-none-and-a-call-as-text", "no-parser"),
        ("messages-tool", "tool-schema"),
        ("responses-named", "tool-schema"),
        ("responses-none-and-a-call-as-text", "no-parser"),
        ("batch-tool-demanded", "tool-schema"),
    ],
)
def test_the_ledger_knows_who_reads_an_answer(name: str, reader: str, tmp_path: Path) -> None:
    with contract_at(saying({}), tmp_path) as contract:
        assert contract.reader(CASES[name].topic, CASES[name]) == reader


def session(answer: Answer, folder: Path, some: str) -> Job:
    with ScriptedServer(answer) as server:
        return job(folder, "--target", f"{server.url}[profile=fixture]", "-k", f"test_address and ({some})")


def test_a_right_answer_is_a_go_and_what_cannot_be_asked_is_counted(tmp_path: Path) -> None:
    ended = session(good, tmp_path, "messages-result-text or responses-output-text or messages-auto-one")
    assert ended.status == 0, ended.said
    results = {(outcome.case, outcome.result) for outcome in ended.run().outcomes}
    assert results == {
        ("messages-result-text", "passed"),
        ("responses-output-text", "passed"),
        ("messages-auto-one-at-a-time", "not-applicable"),
    }


def test_a_wrong_ending_is_a_no_go(tmp_path: Path) -> None:
    def answer(request: Received) -> Iterable[Step]:
        steps = list(good(request))
        return [step.replace(b'"end_turn"', b'"tool_use"') for step in steps if isinstance(step, bytes)]

    ended = session(answer, tmp_path, "messages-result-text")
    assert ended.status == 1, ended.said
    found = [found.finding.name for outcome in ended.run().outcomes for found in outcome.findings]
    assert found == ["finish-reason/wrong"] * 2
