"""The request's contract: each parameter that changes what an answer may be, forced where that is possible."""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

from tests.harness.cases.forcing import STRONGEST_BIAS
from tests.harness.cases.requests import query_body
from tests.harness.cases.splits import Plan, skip_reason_of
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import MODES, Case, Mode
from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.judged import Judged
from tests.harness.core.records.reply import Reply
from tests.harness.core.records.split import CHAR, NATURAL, Split
from tests.harness.core.records.subject import CheckContext, UsedId
from tests.harness.judging.judge import Judge
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.sdk_view import sdk_view
from tests.harness.servers.progress import Progress
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.confirmation import note_of
from tests.harness.suites.forced import Ask, ForcedSuite

COMMA_BIAS = STRONGEST_BIAS - 30
Wanted = Sequence[tuple[Case, Mode]]
_Ids = list[tuple[str, int | None, str]]
"""(id, index of its call or None for the answer's own, place)."""


class ContractSuite:
    """Asks one deployment under the terms of each case, and judges the answers by them."""

    def __init__(self, answer_store: AnswerStore, judge: Judge, forced_suite: ForcedSuite) -> None:
        """All belong to one deployment."""
        self.live = answer_store.live
        self._recordings = answer_store
        self._judge = judge
        self._forcer = forced_suite
        self._places: dict[tuple[str, bool], set[str]] = defaultdict(set)
        """(id, whether of a call) -> where it was seen."""

    def plan(self, case: Case, mode: Mode) -> Plan:
        """The splits of a case; none, with the reason, where the deployment does not offer what it takes."""
        if case.text is not None:
            if why := self._forcer.skip_reason():
                return Plan((), (("", why),))
            return self._forcer.plan(case, mode)
        split = _split_of(case)
        profile = self.live.deployment.profile
        if why := skip_reason_of(split, profile, self._judge.version):
            return Plan((), ((split.name, why),))
        ask = self._ask(case, mode)
        if why := self._recordings.skip_reason(ask.key, ask.mode, ask.split.name, ask.body):
            raise NotRecorded(why)
        return Plan((split,), ())

    def record(self, wanted: Wanted, concurrency: int, progress: Progress) -> None:
        """Record all that these items need, or read it from the recording, and note every id."""
        progress.begin("record")
        self._learn([case for case, _ in wanted])
        found = {(ask.key, ask.mode, ask.split.name): ask for item in wanted for ask in self._asks(*item)}
        asks = list(found.values())
        with ThreadPoolExecutor(concurrency) as pool:
            for exchange in pool.map(self._answer, asks):
                if exchange is not None and "/echo" not in exchange.key.case:
                    self._note_ids(exchange)
        progress.line("record", f"{len(asks)} exchanges of the contract in {progress.elapsed():.0f} s")

    def confirmed(self, case: Case, mode: Mode) -> list[Judged]:
        """One judgement a split; an unexplained finding counts only if a quiet server shows it each time."""
        if case.text is not None:
            return [self._with_ids(judged) for judged in self._forcer.confirmed(case, mode)]
        first = self._judged(case, mode, 0)
        judged, rates = self._recordings.repeats.confirmed(
            first, self._judge.chunking_dependent(first), partial(self._judged, case, mode)
        )
        return [self._with_ids(replace(judged, note=note_of(rates) or judged.note))]

    def _judged(self, case: Case, mode: Mode, attempt: int) -> Judged:
        ask = self._ask(case, mode)
        exchange = self._recordings.record(ask.key, mode, ask.split.name, ask.body, attempt)
        context = CheckContext(
            case=case,
            profile=self.live.deployment.profile,
            mode=mode,
            split=ask.split.name,
            round=2 if case.follow_up else 1,
            request=ask.body,
            exchange=exchange,
            reply=read_reply(exchange, streamed=mode == "stream"),
            sdk=sdk_view(exchange),
            partner=self._partner(case) if mode == "stream" else None,
            tags=tags_of(case),
        )
        return self._judge.judged(context, self._judge.findings(context))

    def _partner(self, case: Case) -> Reply | None:
        """The whole answer, where a model that answers by itself always answers alike."""
        if not self.live.deployment.profile.stable and case.request_options.steered_text is None:
            return None
        ask = self._ask(case, "whole")
        whole = self._recordings.record(ask.key, "whole", ask.split.name, ask.body)
        return read_reply(whole, streamed=False)

    def _with_ids(self, judged: Judged) -> Judged:
        """The same with what is to be said of ids that came more than once in the run."""
        context = judged.context
        used = [
            UsedId(id_, call, other)
            for id_, call, place in _ids_of(context.exchange, context.reply)
            for other in sorted(self._places[id_, call is not None] - {place})[:1]
        ]
        if not used:
            return judged
        context = replace(context, used_elsewhere=tuple(used))
        found = self._judge.judged(context, self._judge.findings(context, frozenset({"unique-ids"})))
        return replace(judged, judgements=judged.judgements + found.judgements)

    def _note_ids(self, exchange: Exchange) -> None:
        reply = read_reply(exchange, streamed=exchange.key.mode == "stream")
        for id_, call, place in _ids_of(exchange, reply):
            self._places[id_, call is not None].add(place)

    def _learn(self, cases: Sequence[Case]) -> None:
        forced = [case.text or "" for case in cases if not self._forcer.skip_reason()]
        steered_text = [case.request_options.steered_text or "" for case in cases if self._spells(case)]
        self._recordings.tokens.learn([*forced, *steered_text])

    def _spells(self, case: Case) -> bool:
        profile = self.live.deployment.profile
        return case.request_options.steered_text is not None and not skip_reason_of(
            CHAR, profile, self._judge.version
        )

    def _asks(self, case: Case, mode: Mode) -> list[Ask]:
        """Every request that an item needs; an unforced one in both modes, which are compared."""
        try:
            if case.text is not None:
                return [] if self._forcer.skip_reason() else self._forcer.asks_for([(case, mode)])
            if case.request_options.steered_text is None or self._spells(case):
                return [self._ask(case, mode) for mode in MODES]
        except NotRecorded:
            pass  # the item itself says so
        return []

    def _answer(self, ask: Ask) -> Exchange | None:
        if self._recordings.skip_reason(ask.key, ask.mode, ask.split.name, ask.body):
            return None
        return self._recordings.record(ask.key, ask.mode, ask.split.name, ask.body)

    def _ask(self, case: Case, mode: Mode) -> Ask:
        split = _split_of(case)
        body: dict[str, Any] = query_body(case, mode, self.live.deployment.model)
        if case.request_options.steered_text is not None:
            body["logit_bias"] = self._bias(case.request_options.steered_text)
        return Ask(case.id, mode, split, body)

    def _bias(self, steered_text: str) -> dict[str, int]:
        """Towards the characters of a text; less so towards commas, so that a list ends where it may."""
        commas = set(self._recordings.tokens.of(",")) if "," in steered_text else set()
        tokens = self._recordings.tokens.of(steered_text)
        return {str(token): COMMA_BIAS if token in commas else STRONGEST_BIAS for token in tokens}


def _split_of(case: Case) -> Split:
    return NATURAL if case.request_options.steered_text is None else CHAR


def _ids_of(exchange: Exchange, reply: Reply) -> _Ids:
    """Every id of an answer with its place; one id in all chunks of an answer is one."""
    name = exchange.key.name
    own = {event.json["id"] for event in reply.events if event.json and isinstance(event.json.get("id"), str)}
    ids: _Ids = [(id_, None, name) for id_ in sorted(own)]
    for choice in reply.choices:
        place = f"{name}, choice {choice.index}" if choice.index else name
        ids += [(call.id, call.index, place) for call in choice.tool_calls if call.id]
    return ids
