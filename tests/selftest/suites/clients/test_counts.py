"""A count that is another one at one place is told with that place."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.core.records.case import MODES
from tests.harness.core.records.observation import Observation
from tests.harness.servers.addresses import listed_addresses
from tests.harness.suites.clients.counts import CountSuite
from tests.harness.suites.clients.suite import ClientSuite
from tests.selftest.scripted import Received, ScriptedServer, Step, head, sse, whole
from tests.selftest.suites.clients import answers
from tests.selftest.suites.clients.answers import CASE, answered, message, response, text_item
from tests.selftest.suites.load.busy_server import recordings_at

CHAT, MESSAGES, RESPONSES = "/v1/chat/completions", "/v1/messages", "/v1/responses"
TOKENIZE, COUNT_TOKENS = "/tokenize", "/v1/messages/count_tokens"
MARKED = f"{COUNT_TOKENS}, tools marked for a cache"
PATHS = (CHAT, MESSAGES, RESPONSES, TOKENIZE, COUNT_TOKENS)
PROMPT, ANSWER = 7, 3
JOKE = next(case for case in load_cases() if case.topic == "plain")


class Counting:
    """Counts rightly but where `wrong` says what else: of a place, the prompt; of a place and ` answer`, that."""

    def __init__(self, paths: Iterable[str] = PATHS, fails: str = "", **wrong: Any) -> None:
        self.paths, self.fails, self.wrong = tuple(paths), fails, wrong

    def __call__(self, request: Received) -> Iterable[Step]:
        if request.method == "GET":
            return [whole({"paths": {path: {} for path in self.paths}})]
        asked = request.json()
        place = self.place(request.path, asked)
        if place == self.fails:
            return [whole({"error": "sorry"}, "500 Internal Server Error")]
        prompt, answer = self.wrong.get(place, PROMPT), self.wrong.get(f"{place} answer", ANSWER)
        if request.path in {TOKENIZE, COUNT_TOKENS}:
            return [whole({"count": prompt} if request.path == TOKENIZE else {"input_tokens": prompt})]
        return self.answer(request.path, asked, prompt, answer)

    @staticmethod
    def place(path: str, asked: dict[str, Any]) -> str:
        if path == COUNT_TOKENS:
            return MARKED if "cache_control" in str(asked) else path
        return path if path == TOKENIZE else f"{path}, {'stream' if asked.get('stream') else 'whole'}"

    @staticmethod
    def answer(path: str, asked: dict[str, Any], prompt: Any, answer: Any) -> Iterable[Step]:
        usage = {"input_tokens": prompt, "output_tokens": answer}
        if path == MESSAGES:
            events = answers.messages_text_events()
            events[0]["message"]["usage"] = usage
            events[-2]["usage"] = {"output_tokens": answer}
            return answered(asked, events, {**message([], "end_turn"), "usage": usage})
        if path == RESPONSES:
            events = answers.responses_text_events()
            events[-1]["response"]["usage"] = usage
            return answered(asked, events, {**response([text_item()]), "usage": usage})
        of_chat = {"usage": {"prompt_tokens": prompt, "completion_tokens": answer}}
        choice = {"index": 0, "message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}
        if not asked.get("stream"):
            return [whole({"choices": [choice], **of_chat})]
        return [head(content_type="text/event-stream"), sse({"choices": [], **of_chat}), sse("[DONE]")]


def observed(server: Counting, folder: Path, case: Any = CASE) -> Observation:
    with ScriptedServer(server) as running, recordings_at(running.url, folder) as answer_store:
        answer_store.server.addresses = listed_addresses(running.url, None)
        client_suite = ClientSuite(answer_store)
        count_suite = CountSuite(answer_store, client_suite)
        sight = count_suite.observe(case)
        count_suite.close()
        client_suite.close()
        return sight


@pytest.mark.parametrize("case", [CASE, JOKE], ids=lambda case: case.id)
def test_right_counts_are_right(case: Any, tmp_path: Path) -> None:
    sight = observed(Counting(), tmp_path, case)
    assert (sight.findings, sight.exchange, sight.not_applicable) == ((), "", ())


@pytest.mark.parametrize(
    "place",
    [
        f"{CHAT}, whole", TOKENIZE, MARKED, *(f"{MESSAGES}, {mode}" for mode in MODES), f"{RESPONSES}, whole",
        f"{MESSAGES}, whole answer", f"{RESPONSES}, whole answer",
    ],
)  # fmt: skip
def test_another_count_is_told_with_its_place(place: str, tmp_path: Path) -> None:
    sight = observed(Counting(**{place: 99}), tmp_path)
    assert [finding.got for finding in sight.findings] == [f"{place.removesuffix(' answer')}: 99"]
    assert sight.names == {"counts/differs"}
    assert sight.exchange


def test_a_place_that_does_not_count_is_told(tmp_path: Path) -> None:
    sight = observed(Counting(**{f"{MESSAGES}, whole": None, TOKENIZE: "7"}), tmp_path)
    assert {finding.got for finding in sight.findings} == {f"{MESSAGES}, whole: no count", f"{TOKENIZE}: 7"}


def test_tokens_from_a_cache_are_tokens_of_the_prompt(tmp_path: Path) -> None:
    class Cached(Counting):
        @staticmethod
        def answer(path: str, asked: dict[str, Any], prompt: Any, answer: Any) -> Iterable[Step]:
            if path != MESSAGES or asked.get("stream"):
                return Counting.answer(path, asked, prompt, answer)
            usage = {"input_tokens": prompt - 4, "cache_read_input_tokens": 4, "output_tokens": answer}
            return [whole({**message([], "end_turn"), "usage": usage})]

    assert observed(Cached(), tmp_path).findings == ()


def test_an_answer_that_fails_counts_nothing(tmp_path: Path) -> None:
    assert observed(Counting(fails=f"{RESPONSES}, whole"), tmp_path).findings == ()


def test_what_a_server_does_not_list_is_not_asked_and_told(tmp_path: Path) -> None:
    sight = observed(Counting([CHAT, TOKENIZE]), tmp_path)
    assert sight.findings == ()
    assert sight.not_applicable == (f"the server does not list {COUNT_TOKENS} in its /openapi.json",)
