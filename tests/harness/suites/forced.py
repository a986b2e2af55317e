"""Forced answers: any text, under every split that a deployment offers, proven to have been forced."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from tests.harness.cases.forcing import echo_body, echo_mode, forced_body
from tests.harness.cases.splits import Plan, plan_splits, whole_split
from tests.harness.cases.tags import tags_of
from tests.harness.core.printable import truncated
from tests.harness.core.records.case import Case, Depth, Mode
from tests.harness.core.records.errors import InfrastructureError, NotRecorded
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.judged import Judged
from tests.harness.core.records.outcome import NOT_RECORDED
from tests.harness.core.records.reply import Reply
from tests.harness.core.records.split import NATURAL, Split
from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.judge import Judge
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.sdk_view import sdk_view
from tests.harness.servers.progress import Progress
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.confirmation import note_of

_OK = 200


@dataclass(frozen=True)
class Ask:
    """One request that a case needs."""

    key: str
    mode: Mode
    split: Split
    body: dict[str, Any]


class ForcedSuite:
    """Asks one deployment to say given texts, and judges what its parser makes of them."""

    def __init__(self, answer_store: AnswerStore, judge: Judge, depth: Depth) -> None:
        """All belong to one deployment."""
        self.live = answer_store.live
        self._recordings = answer_store
        self._judge = judge
        self._depth = depth
        self._tags: dict[str, frozenset[str]] = {}
        self._tokens = answer_store.tokens

    def close(self) -> None:
        """Close the connections."""
        self._tokens.close()

    def skip_reason(self) -> str:
        """Why nothing can be forced here; empty if it can."""
        profile = self.live.deployment.profile
        return "" if profile.forcing else f"the profile {profile.id} does not promise forced output"

    def plan(self, case: Case, mode: Mode) -> Plan:
        """The splits of a case."""
        if mode == "whole":
            return self._answered(case, mode, whole_split(case, self.live.deployment.profile))
        plan = plan_splits(case, self.live.deployment.profile, self._judge.version, self._depth)
        return self._answered(case, mode, plan)

    def _answered(self, case: Case, mode: Mode, plan: Plan) -> Plan:
        """The part of a plan that has answers: all of it on a server. Raises NotRecorded if a replay has none."""
        if not self.live.recorded:
            return plan
        reasons = {split: self._not_recorded(case, mode, split) for split in plan.splits}
        missing = tuple((split.name, NOT_RECORDED + why) for split, why in reasons.items() if why)
        if plan.splits and len(missing) == len(plan.splits):
            raise NotRecorded(missing[0][1].removeprefix(NOT_RECORDED))
        kept = tuple(split for split, why in reasons.items() if not why)
        return Plan(kept, plan.not_applicable + missing)

    def _not_recorded(self, case: Case, mode: Mode, split: Split) -> str:
        try:
            asks = [self._echo(case, split), self._ask(case, mode, split)]
        except NotRecorded as problem:
            return str(problem)
        obstacles = (
            self._recordings.skip_reason(ask.key, ask.mode, ask.split.name, ask.body) for ask in asks
        )
        return next(filter(None, obstacles), "")

    def record_side_by_side(
        self, wanted: Sequence[tuple[Case, Mode]], concurrency: int, progress: Progress
    ) -> None:
        """Record all that these items need, `concurrency` requests at once."""
        progress.begin("record")
        self._tokens.learn(case.text or "" for case, _ in wanted)
        asks = self.asks_for(wanted)
        with ThreadPoolExecutor(concurrency) as pool:
            jobs = [pool.submit(self._record, ask) for ask in asks]
            try:
                for number, job in enumerate(as_completed(jobs), 1):
                    job.result()
                    progress.tick(f"{number} of {len(jobs)} exchanges")
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        progress.line(
            "record", f"{len(jobs)} exchanges in {progress.elapsed():.0f} s, {concurrency} at a time"
        )

    def asks_for(self, wanted: Sequence[tuple[Case, Mode]]) -> list[Ask]:
        """Every request that these items need, once."""
        asks = {
            (ask.key, ask.mode, ask.split.name): ask
            for case, mode in wanted
            for ask in self._asks(case, mode)
        }
        return list(asks.values())

    def judged(self, case: Case, mode: Mode) -> list[Judged]:
        """One judgement a split. Raises InfrastructureError where the text was not forced."""
        return [self._judged(case, mode, split) for split in self.plan(case, mode).splits]

    def answer(self, case: Case, mode: Mode, split: Split, attempt: int) -> tuple[dict[str, Any], Exchange]:
        """What the chat address was asked, and what it gave."""
        return self._ask(case, mode, split).body, self._forced(case, mode, split, attempt)

    def confirmed(self, case: Case, mode: Mode) -> list[Judged]:
        """As `judged`; an unexplained finding is recorded again, alone, and counts only if it comes each time.

        One that does not is noted, unless another split of the case shows it for good.
        """
        confirmed = [
            self._recordings.repeats.confirmed(
                judged, self._judge.chunking_dependent(judged), partial(self._judged, case, mode, split)
            )
            for judged, split in zip(self.judged(case, mode), self.plan(case, mode).splits, strict=True)
        ]
        shown = {name for judged, _ in confirmed for name in judged.names}
        return [
            replace(judged, note=note_of({name: rates[name] for name in rates.keys() - shown}) or judged.note)
            for judged, rates in confirmed
        ]

    def _judged(self, case: Case, mode: Mode, split: Split, attempt: int = 0) -> Judged:
        exchange = self._forced(case, mode, split, attempt)
        reply = read_reply(exchange, streamed=mode == "stream")
        self._require_forced(case, split, attempt, reply)
        whole = None if case.cut else read_reply(self._forced(case, "whole", NATURAL, 0), streamed=False)
        context = CheckContext(
            case=case,
            profile=self.live.deployment.profile,
            mode=mode,
            split=split.name,
            round=1,
            request=self._body(forced_body, case, mode, split),
            exchange=exchange,
            reply=reply,
            sdk=sdk_view(exchange),
            partner=whole if mode == "stream" else None,
            tags=self._tags_of(case),
        )
        return self._judge.judged(context, self._judge.findings(context))

    def _tags_of(self, case: Case) -> frozenset[str]:
        if case.id not in self._tags:
            self._tags[case.id] = tags_of(case)
        return self._tags[case.id]

    def _require_forced(self, case: Case, split: Split, attempt: int, reply: Reply) -> None:
        """The echo has to be the text; cut by character it also has to be as many tokens long as the judged answer.

        (Under other splits the tools in the prompt may lead the model to other tokens for the same text.)
        """
        echo = self._record(self._echo(case, split), attempt)
        echoed = read_reply(echo, streamed=echo.key.mode == "stream")
        content = echoed.choice.content if echoed.choice else None
        wanted = case.text if case.cut is None else case.emitted_text
        if echo.status != _OK or content != wanted:
            got = (
                echo.error or f"status {echo.status}, content {_shown(content)}, error {_shown(echoed.error)}"
            )
            raise InfrastructureError(
                f"{case.id} [{split.name}]: the text could not be forced, so nothing can be judged;"
                f" wanted {_shown(wanted)}, the echo gave {got}"
            )
        ours, theirs = _completion_tokens(reply), _completion_tokens(echoed)
        if theirs is not None:
            theirs *= case.request_options.request.get("n", 1)
        is_whole = case.cut is not None or case.emitted_text == case.text
        if split.by_character and is_whole and ours is not None and ours != theirs:
            raise InfrastructureError(
                f"{case.id} [{split.name}]: the judged answer has {ours} tokens and its echo {theirs}:"
                " another text was written, so nothing can be judged"
            )

    def _asks(self, case: Case, mode: Mode) -> Iterator[Ask]:
        if case.cut is None:
            yield Ask(case.id, "whole", NATURAL, self._body(forced_body, case, "whole", NATURAL))
        for split in self.plan(case, mode).splits:
            yield self._echo(case, split)
            yield Ask(case.id, mode, split, self._body(forced_body, case, mode, split))

    def _echo(self, case: Case, split: Split) -> Ask:
        mode = echo_mode(self._judge.version)
        return Ask(f"{case.id}/echo", mode, split, self._body(echo_body, case, mode, split))

    def _forced(self, case: Case, mode: Mode, split: Split, attempt: int) -> Exchange:
        return self._record(self._ask(case, mode, split), attempt)

    def _ask(self, case: Case, mode: Mode, split: Split) -> Ask:
        return Ask(case.id, mode, split, self._body(forced_body, case, mode, split))

    def _record(self, ask: Ask, attempt: int = 0) -> Exchange:
        return self._recordings.record(ask.key, ask.mode, ask.split.name, ask.body, attempt)

    def _body(
        self, make: Callable[..., dict[str, Any]], case: Case, mode: Mode, split: Split
    ) -> dict[str, Any]:
        tokens = self._tokens.of(case.text or "") if split.by_character else ()
        return make(case, split, mode, self.live.deployment.model, self._judge.version, tokens)


def _shown(value: object) -> str:
    return truncated(repr(value))


def _completion_tokens(reply: Reply) -> int | None:
    tokens = (reply.usage or {}).get("completion_tokens")
    return tokens if isinstance(tokens, int) else None
