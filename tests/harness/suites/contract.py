"""The request's contract: each parameter that changes what an answer may be, forced where that is possible."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from tests.harness.cases.forcing_by_grammar import STRONGEST_BIAS
from tests.harness.cases.forcing_by_script import script_of
from tests.harness.cases.requests import query_body
from tests.harness.cases.splits import Plan, skip_reason_of
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import MODES, Case, Mode
from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.reply import Reply
from tests.harness.core.records.split import CHAR, NATURAL, Split
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.judge import Judge
from tests.harness.recording.assemble import read_reply
from tests.harness.servers.progress import Progress
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.confirmation import confirmed_context
from tests.harness.suites.forced import Ask, ForcedSuite

COMMA_BIAS = STRONGEST_BIAS - 30
Wanted = Sequence[tuple[Case, Mode]]


class ContractSuite:
    """Asks one deployment under the terms of each case, and judges the answers by them."""

    def __init__(self, answer_store: AnswerStore, judge: Judge, forced_suite: ForcedSuite) -> None:
        """Take what asks and what judges, all of one deployment."""
        self.server = answer_store.server
        self._answers = answer_store
        self._judge = judge
        self._forced_suite = forced_suite

    def plan(self, case: Case, mode: Mode) -> Plan:
        """Return the splits of a case; none, with the reason, where the deployment does not offer what it takes."""
        if case.text is not None:
            if why := self._forced_suite.skip_reason():
                return Plan((), (("", why),))
            return self._forced_suite.plan(case, mode)
        split = _split_of(case)
        profile = self.server.deployment.profile
        if why := skip_reason_of(split, profile, self._judge.version):
            return Plan((), ((split.name, why),))
        ask = self._ask(case, mode)
        if why := self._answers.skip_reason(ask.key, ask.mode, ask.split.name, ask.body):
            raise NotRecorded(why)
        return Plan((split,), ())

    def record(self, wanted: Wanted, concurrency: int, progress: Progress) -> None:
        """Record all that these items need, or read it from the recording."""
        progress.begin("record")
        self._learn([case for case, _ in wanted])
        by_key = {(ask.key, ask.mode, ask.split.name): ask for item in wanted for ask in self._asks(*item)}
        asks = list(by_key.values())
        with ThreadPoolExecutor(concurrency) as pool:
            for _ in pool.map(self._answer, asks):
                pass  # a failure is raised here
        progress.line("record", f"{len(asks)} exchanges of the contract in {progress.elapsed():.0f} s")

    def confirmed(self, case: Case, mode: Mode) -> list[JudgedAnswer]:
        """Judge each split; an unexplained finding counts only if a quiet server shows it each time."""
        if case.text is not None:
            return self._forced_suite.confirmed(case, mode)
        first = self._context(case, mode, 0)
        again = partial(self._context, case, mode)
        return [confirmed_context(self._judge, first, again, self._answers.seen)]

    def _context(self, case: Case, mode: Mode, attempt: int) -> CheckContext:
        ask = self._ask(case, mode)
        exchange = self._answers.record(ask.key, mode, ask.split.name, ask.body, attempt)
        return CheckContext.of(
            case,
            exchange,
            self.server.deployment.profile,
            turn=2 if case.follow_up else 1,
            partner=self._partner(case) if mode == "stream" else None,
            tags=tags_of(case),
        )

    def _partner(self, case: Case) -> Reply | None:
        """Return the whole answer, where a model that answers by itself always answers alike."""
        steered = case.request_options.steered_text is not None
        if not self.server.deployment.profile.stable and not steered:
            return None
        ask = self._ask(case, "whole")
        whole = self._answers.record(ask.key, "whole", ask.split.name, ask.body)
        return read_reply(whole, streamed=False)

    def _learn(self, cases: Sequence[Case]) -> None:
        forced = [case.text or "" for case in cases if not self._forced_suite.skip_reason()]
        steered = [case.request_options.steered_text or "" for case in cases if self._steers(case)]
        self._answers.tokens.learn([*forced, *steered])

    @property
    def _is_scripted(self) -> bool:
        """Return whether a text is told to the engine: a grammar of a dialect's own leaves a model more choices."""
        deployment = self.server.deployment
        return deployment.scripted and deployment.profile.syntax.demanded

    def _steers(self, case: Case) -> bool:
        profile = self.server.deployment.profile
        return case.request_options.steered_text is not None and not skip_reason_of(
            CHAR, profile, self._judge.version
        )

    def _asks(self, case: Case, mode: Mode) -> list[Ask]:
        """Return every request that an item needs; an unforced one in both modes, which are compared."""
        try:
            if case.text is not None:
                return [] if self._forced_suite.skip_reason() else self._forced_suite.asks_for([(case, mode)])
            if case.request_options.steered_text is None or self._steers(case):
                return [self._ask(case, mode) for mode in MODES]
        except NotRecorded:
            pass  # the item itself says so
        return []

    def _answer(self, ask: Ask) -> None:
        if self._answers.skip_reason(ask.key, ask.mode, ask.split.name, ask.body):
            return
        self._answers.record(ask.key, ask.mode, ask.split.name, ask.body)

    def _ask(self, case: Case, mode: Mode) -> Ask:
        split = _split_of(case)
        body: dict[str, Any] = query_body(case, mode, self.server.deployment.model)
        said = case.request_options.steered_text
        if said is not None and self._is_scripted:
            body["vllm_xargs"] = script_of(said, CHAR)
        elif said is not None:
            body["logit_bias"] = self._bias(said)
        return Ask(case.id, mode, split, body)

    def _bias(self, steered_text: str) -> dict[str, int]:
        """Return a bias towards a text's characters; less so towards commas, so that a list ends where it may."""
        commas = set(self._answers.tokens.of(",")) if "," in steered_text else set()
        tokens = self._answers.tokens.of(steered_text)
        return {str(token): COMMA_BIAS if token in commas else STRONGEST_BIAS for token in tokens}


def _split_of(case: Case) -> Split:
    return NATURAL if case.request_options.steered_text is None else CHAR
