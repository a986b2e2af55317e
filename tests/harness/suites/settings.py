"""Settings that must change nothing: a second server that has one, asked what the first was asked."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from tests.harness.cases.requests import query_body
from tests.harness.core.http.limits import Limits
from tests.harness.core.records.case import MODES, Case
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.observation import Observation
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.split import CHAR, NATURAL
from tests.harness.judging.checks.clients.settings import CHECK
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.recorder import Recorder
from tests.harness.recording.result_hash import result_hash
from tests.harness.servers.launch import Server, launch
from tests.harness.servers.provider import LaunchRequest
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.clients.chat import raw_result
from tests.harness.suites.forced import Ask, ForcedSuite

_SPLITS = (NATURAL.name, CHAR.name)
"""Of forced texts, what the second server is asked: the finest deltas and the tokenizer's own."""
_SHOWN = 3
"""Findings of one setting; all others are alike or counted."""


class SettingSuite:
    """Belongs to one deployment."""

    def __init__(self, answer_store: AnswerStore, forced_suite: ForcedSuite, launch_within_s: float) -> None:
        """Take the answers of the server without the setting, and what forces texts there."""
        self.server = answer_store.server
        self._answers = answer_store
        self._forced_suite = forced_suite
        self._launch_within_s = launch_within_s
        self._natural: dict[str, list[Ask]] = {}
        """By case."""

    def skip_reason(self, setting: Profile, depth: str) -> str:
        """Return why a setting is not tried; empty if it is."""
        if depth == "default":
            return "settings that must change nothing are compared with --depth full"
        if not self.server.deployment.scripted or not self.server.deployment.managed:
            return "settings are compared where nothing but they can differ: on the scripted engine"
        mine = self.server.deployment.profile.id
        return "" if setting.same_as == mine else f"it has to answer as {setting.same_as}, and this is {mine}"

    def observe(self, setting: Profile, cases: Sequence[Case], concurrency: int) -> Observation:
        """Return what a server with a setting answers that this one does not, under whatever cut."""
        self._natural = {case.id: self._asks(case) for case in cases if case.text is None}
        asks = [ask for case in cases for ask in self._natural.get(case.id) or self._asks(case)]
        with self._beside(setting) as other, ThreadPoolExecutor(concurrency) as pool:
            recorder = Recorder(other.deployment.base_url, other.deployment.api_key)
            try:
                answers = list(pool.map(lambda ask: self._recorded(recorder, ask, setting), asks))
            finally:
                recorder.close()
        pairs = zip(asks, answers, strict=True)
        differing = [(ask, answer) for ask, answer in pairs if not self._is_known(ask, answer)]
        findings = [self._finding(ask, answer, setting, len(differing)) for ask, answer in differing[:_SHOWN]]
        name = self._answers.keep(differing[0][1]) if differing else ""
        mode = differing[0][0].mode if differing else "whole"
        return Observation(tuple(findings), mode=mode, exchange=name)

    @contextmanager
    def _beside(self, setting: Profile) -> Iterator[Server]:
        mine = self.server.request
        request = LaunchRequest(
            replace(mine.target, profile=setting.id),
            setting,
            mine.log.with_name(f"server-{setting.id}.log"),
            mine.cache,
            mine.progress,
            label=f"{self.server.deployment.label}-{setting.id}",
            answer_timeout_s=mine.answer_timeout_s,
        )
        server = launch(request, self._launch_within_s)
        try:
            yield server
        finally:
            server.shut_down(keep=False)

    def _asks(self, case: Case) -> list[Ask]:
        """Return what both servers are asked."""
        if case.text is None:
            model = self.server.deployment.model
            return [Ask(case.id, mode, NATURAL, query_body(case, mode, model)) for mode in MODES]
        asks = self._forced_suite.asks_for([(case, mode) for mode in MODES])
        return [ask for ask in asks if ask.split.name in _SPLITS]

    def _is_known(self, ask: Ask, answer: Exchange) -> bool:
        """Return whether this server answers alike, to a forced text under any of its cuts.

        Where what it streams depends on the cut, or is not what it answers whole, other cuts may bring other damage:
        then the calls have to be those of one of its answers, whatever their arguments and the text beside them.
        """
        exchanges = [
            self._answers.record(one.key, one.mode, one.split.name, one.body) for one in self._alike(ask)
        ]
        mine = [exchange for exchange in exchanges if exchange.key.mode == ask.mode]
        if ask.mode == "whole" or len(set(map(_result, exchanges))) == 1:
            return _result(answer) in set(map(_result, mine))
        return _names(answer) in set(map(_names, mine))

    def _alike(self, ask: Ask) -> list[Ask]:
        """Return all that asks for the same text: in both modes, a forced one under each cut."""
        case = ask.case
        if case is not None:
            return self._forced_suite.asks_for([(case, mode) for mode in MODES])
        return self._natural[ask.key]

    def _recorded(self, recorder: Recorder, ask: Ask, setting: Profile) -> Exchange:
        limits: Limits = self._answers.limits(ask.body)
        return recorder.record(f"{ask.key}/{setting.id}", ask.mode, ask.split.name, 0, ask.body, limits)

    def _finding(self, ask: Ask, answer: Exchange, setting: Profile, count: int) -> Finding:
        plain = self._answers.record(ask.key, ask.mode, ask.split.name, ask.body)
        message = (
            f"{CHECK.symptoms['other-answer']} Setting: {setting.id} ({setting.why}) Case: {ask.key} [{ask.mode}],"
            f" one of {count}."
        )
        return CHECK.finding("other-answer", message, raw_result(plain).shown, raw_result(answer).shown)


def _names(exchange: Exchange) -> tuple[str, ...]:
    return tuple(name for name, _ in raw_result(exchange).calls)


def _result(exchange: Exchange) -> str:
    return result_hash(exchange, read_reply(exchange, streamed=exchange.key.mode == "stream"))
