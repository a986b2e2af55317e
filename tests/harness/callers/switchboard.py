"""Puts a scenario through a caller, and judges what it read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Literal

from tests.harness.bounded.ask import NoAnswer, ask
from tests.harness.callers import chat, responses
from tests.harness.callers.line import ADDRESSES, Judging, Line, events_of, refusal_of, view_of
from tests.harness.callers.told import (
    Told,
    judge_alike,
    judge_mentions,
    judge_modes,
    judge_result,
    judge_runs,
    judge_view,
)
from tests.harness.catalogue.requests import expected_calls, query_body
from tests.harness.catalogue.run_calls import run_calls
from tests.harness.printable import cut
from tests.harness.recordings import Recordings
from tests.harness.records.case import Case, Mode
from tests.harness.records.errors import InfrastructureError
from tests.harness.records.exchange import Exchange
from tests.harness.records.finding import Finding
from tests.harness.records.observed import Sight
from tests.harness.repeats import note_of

Chatter = Literal["asyncio", "helper", "lines", "langchain"]
CHATTERS: tuple[Chatter, ...] = ("asyncio", "helper", "lines", "langchain")
"""They ask at the chat address, in streams."""
Caller = Literal[Chatter, "responses-stream", "responses-whole", "messages-stream", "messages-whole"]
CALLERS: tuple[Caller, ...] = (
    *CHATTERS, "responses-stream", "responses-whole", "messages-stream", "messages-whole",
)  # fmt: skip
Surface = Literal["responses", "messages"]
SURFACES: tuple[Surface, ...] = ("responses", "messages")
_LISTING_S = 10.0
_OTHER = frozenset({"client-view/other-than-chat"})
"""The one finding that compares two streams, of which each may be cut in its own way."""


class Switchboard:
    """Belongs to one deployment."""

    def __init__(self, recordings: Recordings) -> None:
        """Asks the server which addresses it has."""
        self.live = recordings.live
        self._line = Line(recordings)
        self._repeats = recordings.repeats
        self._paths = self._listed()

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def obstacle(self, caller: str) -> str:
        """Why a caller means nothing to this server; empty if it does."""
        address = ADDRESSES.get(caller.partition("-")[0])
        if address is None or self._paths is None or address.PATH in self._paths:
            return ""
        return f"the server does not list {address.PATH} in its /openapi.json"

    def query(self, case: Case, caller: Caller) -> Sight:
        """Round one."""
        name = f"{case.id}/{caller}"
        if caller in CHATTERS:
            return self._chat(case, caller, name)
        surface, _, mode = caller.partition("-")
        taped = self._line.asked(surface, name, self._query_body(case, surface, mode))
        return self._line.sight(taped, lambda: self._line.judged(surface, taped, self._result_of(case)))

    def follow_up(self, case: Case, surface: Surface, mode: Mode) -> Sight:
        """The round after the tools ran, on a correct history, so that a defect in round one cannot hide it."""
        address = ADDRESSES[surface]
        turn = address.turn_of(expected_calls(case))
        name = f"{case.id}/{surface}/follow-up"
        taped = self._line.asked(surface, name, self._follow_up_body(case, surface, turn, mode))
        if mode == "whole" or not self.live.deployment.profile.stable:
            return self._line.sight(
                taped, lambda: self._line.judged(surface, taped, lambda raw: judge_mentions(raw, case))
            )
        body = self._follow_up_body(case, surface, turn, "whole")
        whole = self._line.partner(surface, self._line.asked(surface, name, body))

        def judge(raw: Told) -> Iterator[Finding]:
            yield from judge_mentions(raw, case)
            if whole is not None:
                yield from judge_modes(raw, whole)

        return self._line.sight(taped, lambda: self._line.judged(surface, taped, judge))

    def chained(self, case: Case, surface: Surface, mode: Mode) -> Sight:
        """Both rounds as a program goes through them: what its client made of round one is its history."""
        address, name = ADDRESSES[surface], f"{case.id}/{surface}/chained"
        first = self._line.asked(surface, f"{name}-query", self._query_body(case, surface, mode))
        came = view_of(first)

        def judge_first() -> Iterable[Finding]:
            if came.error:
                return self._line.judged(surface, first, self._result_of(case))
            return list(self._result_of(case)(came)) or judge_runs(run_calls(address.calls_in(came.turn)))

        sight = self._line.sight(first, judge_first)
        if sight.findings:
            return sight
        body = self._follow_up_body(case, surface, came.turn, mode)
        second = self._line.asked(surface, name, body)
        return self._line.sight(
            second, lambda: self._line.judged(surface, second, lambda raw: judge_mentions(raw, case))
        )

    def forced(self, case: Case, answer: Callable[[int], tuple[dict[str, Any], Exchange]]) -> Sight:
        """What the model is made to say, at `/v1/responses`.

        `answer`: of an attempt, what the chat address was asked and what it gave. A difference between the two counts
        if it comes each time, else it is noted: either may have been cut otherwise than it was asked for. Raises
        InfrastructureError if the answers differ and the text was not forced.
        """
        body, exchange = answer(0)
        sights = [self._forced(case, body, exchange)]
        if not sights[0].names >= _OTHER:
            return sights[0]
        self._require_forced(case, body)

        def again(attempt: int) -> frozenset[str]:
            sights.append(self._forced(case, *answer(attempt)))
            return sights[-1].names & _OTHER

        repeated = self._repeats.repeated(_OTHER, again, doubtful=_OTHER)
        # What no merged delta explains counts at once, whichever attempt shows it.
        first = sights[0].names
        sight = next((later for later in sights if later.names - first), sights[0])
        kept = tuple(found for found in sight.findings if found.name not in _OTHER - repeated.lasting)
        return replace(sight, findings=kept, note=note_of(repeated.rates))

    def _forced(self, case: Case, chat_body: dict[str, Any], answer: Exchange) -> Sight:
        name, told = f"{case.id}/responses/forced", chat.raw_told(answer)
        taped = self._line.asked("responses", name, responses.forced(case, chat_body))

        def judge(raw: Told) -> Iterator[Finding]:
            if refusal_of(answer):
                return  # told of where the chat address is asked
            streamed = responses.streamed(events_of(taped.exchange)) if chat_body["stream"] else raw
            yield from judge_alike(streamed, told)

        return self._line.sight(taped, lambda: self._line.judged("responses", taped, judge))

    def _require_forced(self, case: Case, chat_body: dict[str, Any]) -> None:
        body = responses.forced(case, chat_body)
        body.pop("tools", None)
        taped = self._line.asked("responses", f"{case.id}/responses/echo", body)
        echo = self._line.partner("responses", taped)
        if echo is None or echo.text != case.text:
            refused = refusal_of(taped.exchange)
            gave = echo.said if echo else refused.got if refused else "an answer of another make"
            raise InfrastructureError(
                f"{case.id}: the text could not be forced at {responses.PATH}, so nothing can be judged;"
                f" wanted {cut(repr(case.text))}, the echo gave {cut(gave)}"
            )

    def _query_body(self, case: Case, surface: str, mode: str) -> dict[str, Any]:
        return ADDRESSES[surface].query(case, self.live.deployment.model, stream=mode == "stream")

    def _follow_up_body(self, case: Case, surface: str, turn: Any, mode: str) -> dict[str, Any]:
        address = ADDRESSES[surface]
        results = [run.result or "" for run in run_calls(address.calls_in(turn))]
        return address.follow_up(case, self.live.deployment.model, turn, results, stream=mode == "stream")

    def _result_of(self, case: Case) -> Judging:
        return lambda raw: judge_result(raw, case, self.live.deployment.profile)

    def _chat(self, case: Case, caller: Caller, name: str) -> Sight:
        deployment = self.live.deployment
        body = query_body(case, "stream", deployment.model)
        ask_by = {
            "asyncio": self._line.by_asyncio,
            "helper": self._line.by_helper,
            "lines": self._line.by_lines,
            "langchain": self._line.by_langchain,
        }
        taped = ask_by[caller](name, body)
        raw = chat.raw_told(taped.exchange)
        return self._line.sight(
            taped,
            lambda: [*judge_view(view_of(taped), raw), *self._result_of(case)(raw)],
            chat.crowded(taped.exchange, case.id) if caller == "lines" and case.calls else (),
        )

    def _listed(self) -> frozenset[str] | None:
        """The addresses that the server says it has; None where it does not say: then each is asked."""
        deployment = self.live.deployment
        if self.live.recorded:
            return frozenset()
        try:
            listing = ask(deployment.base_url, "/openapi.json", _LISTING_S, api_key=deployment.api_key)
            return frozenset(listing.json()["paths"])
        except (NoAnswer, ValueError, LookupError, TypeError):
            return None
