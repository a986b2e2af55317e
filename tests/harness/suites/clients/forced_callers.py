"""What a model is made to say at the server's other addresses, against the same text at the chat address."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from tests.harness.core.printable import truncated
from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.observation import Observation
from tests.harness.core.records.split import CHAR, NATURAL, Split
from tests.harness.judging.checks.clients import client_view
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients import chat
from tests.harness.suites.clients.captured_call import CapturedCall
from tests.harness.suites.clients.recording_client import (
    ADAPTERS,
    RecordingClient,
    events_of,
    refusal_of,
)
from tests.harness.suites.clients.suite import ClientSuite, Endpoint
from tests.harness.suites.confirmation import ATTEMPTS, ATTEMPTS_OF_TWO_STREAMS, repeated
from tests.harness.suites.forced import ForcedSuite
from tests.harness.suites.written import has_failed

_OTHER = frozenset({client_view.OTHER_THAN_CHAT.name})
Wanted = tuple[Endpoint, Case, Mode]


class ForcedCallers:
    """Belongs to one deployment."""

    def __init__(
        self, answer_store: AnswerStore, client_suite: ClientSuite, forced_suite: ForcedSuite, version: str
    ) -> None:
        """Take who knows the addresses, who forces texts at the chat address, and the server's release."""
        self.server = answer_store.server
        self._line = RecordingClient(answer_store)
        self._seen = answer_store.seen
        self._clients = client_suite
        self._forced_suite = forced_suite
        self._version = version
        self._ahead: dict[tuple[Endpoint, str, Mode], CapturedCall] = {}
        """Answers that were asked for before their items."""

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def skip_reason(self, endpoint: Endpoint, case: Case, mode: Mode) -> str:
        """Return why a text cannot be forced at an address; empty if it can."""
        scripted = self.server.deployment.scripted
        if reason := (
            self._forced_suite.skip_reason()
            or self._clients.skip_reason(endpoint)
            or ADAPTERS[endpoint].forcing_skip_reason(self._version, scripted=scripted)
        ):
            return reason
        split, plan = _split_of(mode), self._forced_suite.plan(case, mode)
        if split in plan.splits:
            return ""
        return dict(plan.not_applicable).get(split.name, f"the deployment has no split {split.name}")

    def ask_ahead(self, wanted: Iterable[Wanted], concurrency: int) -> None:
        """Ask for answers, `concurrency` at once; each is taken by the `forced` of its own item."""
        asked = [one for one in wanted if not self.skip_reason(*one)]
        with ThreadPoolExecutor(concurrency) as pool:
            for (endpoint, case, mode), answer in zip(asked, pool.map(self._ask_first, asked), strict=True):
                self._ahead[endpoint, case.id, mode] = answer

    def forced(self, endpoint: Endpoint, case: Case, mode: Mode) -> Observation:
        """Compare what the model is made to say at an address with the chat address.

        A difference between the two counts if it comes each time that nothing else is asked, else it is noted: either
        may have been cut otherwise than it was asked for. Where a model speaks, an echo proves that the text was
        forced; a server that fails at it, a question without tools, is broken. Raises InfrastructureError if the
        answers differ and the text was not forced.
        """
        was_ahead = (endpoint, case.id, mode) in self._ahead
        sights = [self._forced(endpoint, case, mode, 0)]
        if was_ahead and sights[0].names & _OTHER:
            sights = [self._forced(endpoint, case, mode, 0)]  # the first one was asked among many
        others = [finding for finding in sights[0].findings if finding.name in _OTHER]
        if not others or self._seen.is_enough(others):
            return sights[0]
        if not self.server.deployment.scripted:
            echo = self._echo(endpoint, case, mode)
            if has_failed(echo.exchange):
                return self._line.sight(echo, tuple)
            self._require_forced(endpoint, case, echo)

        def again(attempt: int) -> frozenset[str]:
            sights.append(self._forced(endpoint, case, mode, attempt))
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

    def _forced(self, endpoint: Endpoint, case: Case, mode: Mode, attempt: int) -> Observation:
        body, answer = self._at_chat(case, mode, attempt)
        address, result = ADAPTERS[endpoint], chat.raw_result(answer)
        captured = self._ahead.pop((endpoint, case.id, mode), None) or self._ask(endpoint, case, body)

        def judge(raw: ClientResult) -> Iterator[Finding]:
            if refusal_of(answer):
                return  # told of where the chat address is asked
            if mode == "stream":
                yield from client_view.judge_alike(address.streamed(events_of(captured.exchange)), result)
            else:
                yield from client_view.judge_alike(raw, address.as_client_reads(result))

        return self._line.sight(captured, lambda: self._line.judged(endpoint, captured, judge))

    def _at_chat(self, case: Case, mode: Mode, attempt: int) -> tuple[dict[str, Any], Exchange]:
        """Return what the chat address was asked, and what it gave."""
        return self._forced_suite.answer(case, mode, _split_of(mode), attempt)

    def _ask_first(self, one: Wanted) -> CapturedCall:
        endpoint, case, mode = one
        return self._ask(endpoint, case, self._at_chat(case, mode, 0)[0])

    def _ask(self, endpoint: Endpoint, case: Case, chat_body: dict[str, Any]) -> CapturedCall:
        body = ADAPTERS[endpoint].forced(case, chat_body)
        return self._line.asked(endpoint, f"{case.id}/{endpoint}/forced", body)

    def _echo(self, endpoint: Endpoint, case: Case, mode: Mode) -> CapturedCall:
        """Ask the same without tools: the answer is the forced text itself."""
        body = ADAPTERS[endpoint].forced(case, self._at_chat(case, mode, 0)[0])
        body.pop("tools", None)
        return self._line.asked(endpoint, f"{case.id}/{endpoint}/echo", body)

    def _require_forced(self, endpoint: Endpoint, case: Case, captured: CapturedCall) -> None:
        echo = self._line.partner(endpoint, captured)
        if echo is None or echo.text != case.text:
            refused = refusal_of(captured.exchange)
            answer = echo.shown if echo else refused.got if refused else "an answer of another make"
            raise InfrastructureError(
                f"{case.id}: the text could not be forced at {ADAPTERS[endpoint].PATH}, so nothing can be judged;"
                f" wanted {truncated(repr(case.text))}, the echo gave {truncated(answer)}"
            )


def _split_of(mode: Mode) -> Split:
    """Return the split under which the addresses are compared."""
    return CHAR if mode == "stream" else NATURAL
