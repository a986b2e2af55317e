"""Puts a scenario through a caller, and judges what it read."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from tests.harness.cases.requests import expected_calls, query_body
from tests.harness.cases.run_calls import run_calls
from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.observation import Observation
from tests.harness.judging.checks.clients import client_view
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients import chat
from tests.harness.suites.clients.recording_client import (
    ADAPTERS,
    ADDRESSES,
    Judging,
    RecordingClient,
    view_of,
)

ChatClient = Literal["asyncio", "helper", "lines", "langchain"]
CHAT_CLIENTS: tuple[ChatClient, ...] = ("asyncio", "helper", "lines", "langchain")
"""They ask at the chat address, in streams."""
Client = Literal[ChatClient, "responses-stream", "responses-whole", "messages-stream", "messages-whole"]
CLIENTS: tuple[Client, ...] = (
    *CHAT_CLIENTS, "responses-stream", "responses-whole", "messages-stream", "messages-whole",
)  # fmt: skip
Endpoint = Literal["responses", "messages"]
ENDPOINTS: tuple[Endpoint, ...] = ("responses", "messages")


class ClientSuite:
    """Belongs to one deployment."""

    def __init__(self, answer_store: AnswerStore) -> None:
        """Take a deployment's answers; nothing is sent yet."""
        self.server = answer_store.server
        self._line = RecordingClient(answer_store)

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def skip_reason(self, client: str) -> str:
        """Return why a client means nothing to this server; empty if it does."""
        address = ADDRESSES.get(client.partition("-")[0])
        if address is None or self.lists(address.PATH):
            return ""
        return f"the server does not list {address.PATH} in its /openapi.json"

    def lists(self, path: str) -> bool:
        """Return whether the server has an address, as far as it says."""
        return self.server.addresses is None or path in self.server.addresses

    def query(self, case: Case, client: Client) -> Observation:
        """Ask round one, and judge what the client read."""
        name = f"{case.id}/{client}"
        if client in CHAT_CLIENTS:
            return self._chat(case, client, name)
        endpoint, _, mode = client.partition("-")
        captured = self._line.asked(endpoint, name, self._query_body(case, endpoint, mode))
        return self._line.sight(
            captured, lambda: self._line.judged(endpoint, captured, self._result_of(case))
        )

    def follow_up(self, case: Case, endpoint: Endpoint, mode: Mode) -> Observation:
        """Ask the round after the tools ran, on a correct history, so that a defect in round one cannot hide it."""
        address = ADAPTERS[endpoint]
        turn = address.turn_of(expected_calls(case))
        name = f"{case.id}/{endpoint}/follow-up"
        captured = self._line.asked(endpoint, name, self._follow_up_body(case, endpoint, turn, mode))
        if mode == "whole" or not self.server.deployment.profile.stable:
            return self._line.sight(
                captured,
                lambda: self._line.judged(
                    endpoint, captured, lambda raw: client_view.judge_mentions(raw, case)
                ),
            )
        body = self._follow_up_body(case, endpoint, turn, "whole")
        whole = self._line.partner(endpoint, self._line.asked(endpoint, name, body))

        def judge(raw: ClientResult) -> Iterator[Finding]:
            yield from client_view.judge_mentions(raw, case)
            if whole is not None:
                yield from client_view.judge_modes(raw, whole)

        return self._line.sight(captured, lambda: self._line.judged(endpoint, captured, judge))

    def chained(self, case: Case, endpoint: Endpoint, mode: Mode) -> Observation:
        """Go through both rounds as a program does: what its client made of round one is its history."""
        address, name = ADAPTERS[endpoint], f"{case.id}/{endpoint}/chained"
        first = self._line.asked(endpoint, f"{name}-query", self._query_body(case, endpoint, mode))
        first_view = view_of(first)

        def judge_first() -> Iterable[Finding]:
            if first_view.error:
                return self._line.judged(endpoint, first, self._result_of(case))
            return list(self._result_of(case)(first_view)) or client_view.judge_runs(
                run_calls(address.calls_in(first_view.turn))
            )

        sight = self._line.sight(first, judge_first)
        if sight.findings:
            return sight
        body = self._follow_up_body(case, endpoint, first_view.turn, mode)
        second = self._line.asked(endpoint, name, body)
        return self._line.sight(
            second,
            lambda: self._line.judged(endpoint, second, lambda raw: client_view.judge_mentions(raw, case)),
        )

    def _query_body(self, case: Case, endpoint: str, mode: str) -> dict[str, Any]:
        return ADAPTERS[endpoint].query(case, self.server.deployment.model, stream=mode == "stream")

    def _follow_up_body(self, case: Case, endpoint: str, turn: Any, mode: str) -> dict[str, Any]:
        address = ADAPTERS[endpoint]
        results = [run.result or "" for run in run_calls(address.calls_in(turn))]
        return address.follow_up(case, self.server.deployment.model, turn, results, stream=mode == "stream")

    def _result_of(self, case: Case) -> Judging:
        return lambda raw: client_view.judge_result(raw, case, self.server.deployment.profile)

    def _chat(self, case: Case, client: Client, name: str) -> Observation:
        deployment = self.server.deployment
        body = query_body(case, "stream", deployment.model)
        ask_by = {
            "asyncio": self._line.by_asyncio,
            "helper": self._line.by_helper,
            "lines": self._line.by_lines,
            "langchain": self._line.by_langchain,
        }
        captured = ask_by[client](name, body)
        raw = chat.raw_result(captured.exchange)
        return self._line.sight(
            captured,
            lambda: [*client_view.judge_view(view_of(captured), raw), *self._result_of(case)(raw)],
            chat.crowded(captured.exchange, case.id) if client == "lines" and case.calls else (),
        )
