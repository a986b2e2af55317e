"""Puts a scenario through a caller, and judges what it read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Literal

from tests.harness.cases.requests import expected_calls, query_body
from tests.harness.cases.run_calls import run_calls
from tests.harness.core.http.ask import NoAnswer, ask
from tests.harness.core.printable import truncated
from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.observation import Observation
from tests.harness.judging.checks.clients import client_view
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients import chat, responses
from tests.harness.suites.clients.captured_call import CapturedCall
from tests.harness.suites.clients.recording_client import (
    ADDRESSES,
    Judging,
    RecordingClient,
    events_of,
    refusal_of,
    view_of,
)
from tests.harness.suites.confirmation import ATTEMPTS, ATTEMPTS_OF_TWO_STREAMS, repeated
from tests.harness.suites.written import has_failed

ChatClient = Literal["asyncio", "helper", "lines", "langchain"]
CHAT_CLIENTS: tuple[ChatClient, ...] = ("asyncio", "helper", "lines", "langchain")
"""They ask at the chat address, in streams."""
Client = Literal[ChatClient, "responses-stream", "responses-whole", "messages-stream", "messages-whole"]
CLIENTS: tuple[Client, ...] = (
    *CHAT_CLIENTS, "responses-stream", "responses-whole", "messages-stream", "messages-whole",
)  # fmt: skip
Endpoint = Literal["responses", "messages"]
ENDPOINTS: tuple[Endpoint, ...] = ("responses", "messages")
_LISTING_S = 10.0
_OTHER = frozenset({client_view.OTHER_THAN_CHAT.name})


class ClientSuite:
    """Belongs to one deployment."""

    def __init__(self, answer_store: AnswerStore) -> None:
        """Ask the server which addresses it has."""
        self.server = answer_store.server
        self._line = RecordingClient(answer_store)
        self._seen = answer_store.seen
        self._paths = self._listed()

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def skip_reason(self, client: str) -> str:
        """Return why a client means nothing to this server; empty if it does."""
        address = ADDRESSES.get(client.partition("-")[0])
        if address is None or self._paths is None or address.PATH in self._paths:
            return ""
        return f"the server does not list {address.PATH} in its /openapi.json"

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
        address = ADDRESSES[endpoint]
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
        address, name = ADDRESSES[endpoint], f"{case.id}/{endpoint}/chained"
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

    def forced(self, case: Case, answer: Callable[[int], tuple[dict[str, Any], Exchange]]) -> Observation:
        """Compare what the model is made to say at `/v1/responses` with the chat address.

        `answer`: of an attempt, what the chat address was asked and what it gave. A difference between the two counts
        if it comes each time, else it is noted: either may have been cut otherwise than it was asked for. A server that
        fails at the echo, a question without tools, is broken. Raises InfrastructureError if the answers differ and the
        text was not forced.
        """
        body, exchange = answer(0)
        sights = [self._forced(case, body, exchange)]
        others = [finding for finding in sights[0].findings if finding.name in _OTHER]
        if not others or self._seen.is_enough(others):
            return sights[0]
        echo = self._line.asked("responses", f"{case.id}/responses/echo", responses.echo(case, body))
        if has_failed(echo.exchange):
            return self._line.sight(echo, tuple)
        self._require_forced(case, echo)

        def again(attempt: int) -> frozenset[str]:
            sights.append(self._forced(case, *answer(attempt)))
            return sights[-1].names & _OTHER

        cuts_exactly = self.server.deployment.scripted
        outcome = repeated(_OTHER, again, ATTEMPTS if cuts_exactly else ATTEMPTS_OF_TWO_STREAMS)
        self._seen.note(case.id, others if outcome.lasting else (), outcome.intermittent)
        # What no merged delta explains counts at once, whichever attempt shows it.
        first = sights[0].names
        sight = next((later for later in sights if later.names - first), sights[0])
        findings = tuple(
            finding for finding in sight.findings if finding.name not in _OTHER - outcome.lasting
        )
        return replace(sight, findings=findings, intermittent=outcome.intermittent)

    def _forced(self, case: Case, chat_body: dict[str, Any], answer: Exchange) -> Observation:
        name, result = f"{case.id}/responses/forced", chat.raw_result(answer)
        captured = self._line.asked("responses", name, responses.forced(case, chat_body))

        def judge(raw: ClientResult) -> Iterator[Finding]:
            if refusal_of(answer):
                return  # told of where the chat address is asked
            streamed = responses.streamed(events_of(captured.exchange)) if chat_body["stream"] else raw
            yield from client_view.judge_alike(streamed, result)

        return self._line.sight(captured, lambda: self._line.judged("responses", captured, judge))

    def _require_forced(self, case: Case, captured: CapturedCall) -> None:
        echo = self._line.partner("responses", captured)
        if echo is None or echo.text != case.text:
            refused = refusal_of(captured.exchange)
            answer = echo.shown if echo else refused.got if refused else "an answer of another make"
            raise InfrastructureError(
                f"{case.id}: the text could not be forced at {responses.PATH}, so nothing can be judged;"
                f" wanted {truncated(repr(case.text))}, the echo gave {truncated(answer)}"
            )

    def _query_body(self, case: Case, endpoint: str, mode: str) -> dict[str, Any]:
        return ADDRESSES[endpoint].query(case, self.server.deployment.model, stream=mode == "stream")

    def _follow_up_body(self, case: Case, endpoint: str, turn: Any, mode: str) -> dict[str, Any]:
        address = ADDRESSES[endpoint]
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

    def _listed(self) -> frozenset[str] | None:
        """Return the addresses that the server says it has; None where it does not say: then each is asked."""
        deployment = self.server.deployment
        if self.server.recorded:
            return frozenset()
        try:
            listing = ask(deployment.base_url, "/openapi.json", _LISTING_S, api_key=deployment.api_key)
            return frozenset(listing.json()["paths"])
        except (NoAnswer, ValueError, LookupError, TypeError):
            return None
