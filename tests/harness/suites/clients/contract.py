"""What a request asks for beside its question, at the server's other addresses."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from tests.harness.cases.forcing_by_script import script_of
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import MODES, Case, Mode
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.exchange import Exchange, SdkView
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.observation import Observation
from tests.harness.core.records.reply import Choice, Reply, Timing, ToolCall
from tests.harness.core.records.split import CHAR
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.check_selection import is_allowed_refusal, judge_what_can_be
from tests.harness.judging.judge import reader_of
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients.captured_call import CapturedCall
from tests.harness.suites.clients.endpoint import UnknownTerm
from tests.harness.suites.clients.recording_client import ADDRESSES, RecordingClient
from tests.harness.suites.clients.suite import ClientSuite

Wanted = tuple[str, Case, Mode]
_NOTHING = ClientResult(())


class AddressContract:
    """Belongs to one deployment. Asks cases in an address's own words, and judges what comes as at the chat address."""

    def __init__(self, answer_store: AnswerStore, client_suite: ClientSuite) -> None:
        """Take a deployment's answers, and who knows its addresses."""
        self.server = answer_store.server
        self._clients = client_suite
        self._line = RecordingClient(answer_store)
        self._known: dict[tuple[str, str, Mode], CapturedCall] = {}

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def skip_reason(self, endpoint: str, case: Case, mode: Mode) -> str:
        """Return why a case cannot be asked at an address; empty if it can."""
        if reason := self._clients.skip_reason(endpoint):
            return reason
        if _said(case) is not None and not self.server.deployment.scripted:
            return "what the answer has to be is told to the scripted engine alone"
        if not (case.taught or self.server.deployment.scripted) and self.server.deployment.profile.stable:
            return "the fixture model was not taught what to say to this: the scripted engine is"
        try:
            self._body(endpoint, case, mode)
        except UnknownTerm as term:
            return f"{ADDRESSES[endpoint].PATH} has no words for {term} as this case has it"
        return ""

    def ask_ahead(self, wanted: Iterable[Wanted], concurrency: int) -> None:
        """Ask for all that these items need, `concurrency` at once: in both modes, which are compared."""
        cases = {(endpoint, case.id): (endpoint, case) for endpoint, case, _ in wanted}
        asked = [(*one, mode) for one in cases.values() for mode in MODES if not self.skip_reason(*one, mode)]
        with ThreadPoolExecutor(concurrency) as pool:
            for _ in pool.map(lambda one: self._answer(*one), asked):
                pass  # a failure is raised here

    def observe(self, endpoint: str, case: Case, mode: Mode) -> Observation:
        """Judge the answer to a case at an address."""
        captured = self._answer(endpoint, case, mode)
        exchange = captured.exchange
        if is_allowed_refusal(case, exchange):
            return self._line.noted(captured, self._findings(endpoint, case, exchange, _NOTHING))
        return self._line.sight(
            captured,
            lambda: self._line.judged(
                endpoint, captured, lambda raw: self._findings(endpoint, case, exchange, raw)
            ),
        )

    def reader(self, endpoint: str, case: Case) -> str:
        """Return what reads the answers to a case, as the ledger names it."""
        request = ADDRESSES[endpoint].in_chat_words(self._body(endpoint, case, "whole"))
        return reader_of(request, self.server.deployment.profile)

    def _findings(
        self, endpoint: str, case: Case, exchange: Exchange, result: ClientResult
    ) -> tuple[Finding, ...]:
        """Return what the checks of any address find in a result."""
        mode: Mode = "stream" if exchange.key.mode == "stream" else "whole"
        request = ADDRESSES[endpoint].in_chat_words(json.loads(exchange.request))
        context = CheckContext(
            case=case,
            profile=self.server.deployment.profile,
            mode=mode,
            split=exchange.key.split,
            turn=2 if case.follow_up else 1,
            request={**request, "tools": list(case.tools)},
            exchange=exchange,
            reply=_reply_of(result, streamed=mode == "stream"),
            sdk=SdkView((), not_read="asked at another address"),
            partner=self._whole(endpoint, case) if mode == "stream" else None,
            tags=tags_of(case),
            address=ADDRESSES[endpoint].PATH,
        )
        return tuple(
            replace(finding, message=f"At {context.address}: {finding.message}")
            for finding in judge_what_can_be(context)
        )

    def _whole(self, endpoint: str, case: Case) -> Reply | None:
        """Return the answer that is not streamed; None where it can say another thing, or says nothing."""
        if _said(case) is None and not self.server.deployment.profile.stable:
            return None
        result = self._line.readable(endpoint, self._answer(endpoint, case, "whole").exchange)
        return _reply_of(result, streamed=False) if result else None

    def _answer(self, endpoint: str, case: Case, mode: Mode) -> CapturedCall:
        place = endpoint, case.id, mode
        if place not in self._known:
            name = f"{case.id}/{endpoint}/contract"
            self._known[place] = self._line.asked(endpoint, name, self._body(endpoint, case, mode))
        return self._known[place]

    def _body(self, endpoint: str, case: Case, mode: Mode) -> dict[str, Any]:
        """Return the request. Raises UnknownTerm."""
        address, said = ADDRESSES[endpoint], _said(case)
        body = address.query(case, self.server.deployment.model, stream=mode == "stream")
        request, omit = case.request_options.request, case.request_options.omit
        if case.topic != endpoint:
            omit = ()  # what is left out at the chat address is not said here
            limit = {"max_tokens": len(case.emitted_text)} if case.cut is not None else {}
            request = address.terms({**limit, **request})
        body = {name: value for name, value in {**body, **request}.items() if name not in omit}
        return body if said is None else address.scripted(body, script_of(said, CHAR))


def _said(case: Case) -> str | None:
    """Return what the model is made to say; None: it answers by itself."""
    return case.text if case.text is not None else case.request_options.steered_text


def _reply_of(result: ClientResult, *, streamed: bool) -> Reply:
    """Return an answer of any address as the checks look at it."""
    calls = tuple(
        ToolCall(number, None, "function", name, arguments)
        for number, (name, arguments) in enumerate(result.calls)
    )
    ended = (result.ending,) if result.ending else ()
    choice = Choice(0, ("assistant",), result.text or None, calls, ended)
    return Reply(streamed, (), (choice,), None, done=True, timing=Timing(None, None, None, None))
