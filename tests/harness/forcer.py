"""Forced answers: any text, under every split that a deployment offers, proven to have been forced."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any

from tests.harness.catalogue.forcing import echo_body, forced_body
from tests.harness.catalogue.splits import Plan, plan_splits
from tests.harness.catalogue.tags import tags_of
from tests.harness.deployment.progress import Progress
from tests.harness.exchange.assemble import read_reply
from tests.harness.exchange.sdk_view import sdk_view
from tests.harness.judging import Judge
from tests.harness.recordings import Recordings
from tests.harness.records.case import Case, Depth, ExpectedCall, Mode
from tests.harness.records.errors import InfrastructureError, NotRecorded
from tests.harness.records.exchange import Exchange
from tests.harness.records.judged import Judged
from tests.harness.records.outcome import NOT_RECORDED
from tests.harness.records.reply import Reply
from tests.harness.records.split import NATURAL, Split
from tests.harness.records.subject import Subject

_OK = 200


@dataclass(frozen=True)
class _Ask:
    """One request that a case needs."""

    key: str
    mode: Mode
    split: Split
    body: dict[str, Any]


class Forcer:
    """Asks one deployment to say given texts, and judges what its parser makes of them."""

    def __init__(self, recordings: Recordings, judge: Judge, depth: Depth) -> None:
        """All belong to one deployment."""
        self.live = recordings.live
        self._recordings = recordings
        self._judge = judge
        self._depth = depth
        self._tokens = recordings.tokens

    def close(self) -> None:
        """Close the connections."""
        self._tokens.close()

    def obstacle(self) -> str:
        """Why nothing can be forced here; empty if it can."""
        profile = self.live.deployment.profile
        return "" if profile.forcing else f"the profile {profile.id} does not promise forced output"

    def plan(self, case: Case, mode: Mode) -> Plan:
        """The splits of a case; not streamed there is nothing to cut."""
        if mode == "whole":
            return self._answered(case, mode, Plan((NATURAL,), ()))
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
        obstacles = (self._recordings.obstacle(ask.key, ask.mode, ask.split.name, ask.body) for ask in asks)
        return next(filter(None, obstacles), "")

    def record_side_by_side(
        self, wanted: Sequence[tuple[Case, Mode]], concurrency: int, progress: Progress
    ) -> None:
        """Record all that these items need, `concurrency` requests at once."""
        progress.begin("record")
        self._tokens.learn(case.text or "" for case, _ in wanted)
        asks = {
            (ask.key, ask.mode, ask.split.name): ask
            for case, mode in wanted
            for ask in self._asks(case, mode)
        }
        with ThreadPoolExecutor(concurrency) as pool:
            jobs = [pool.submit(self._record, ask) for ask in asks.values()]
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

    def judged(self, case: Case, mode: Mode) -> list[Judged]:
        """One judgement a split. Raises InfrastructureError where the text was not forced."""
        return [self._judged(case, mode, split) for split in self.plan(case, mode).splits]

    def confirmed(self, case: Case, mode: Mode) -> list[Judged]:
        """As `judged`; an unexplained finding is recorded again, alone, and counts only if it comes again."""
        splits = self.plan(case, mode).splits
        return [
            self._confirmed(judged, case, mode, split)
            for judged, split in zip(self.judged(case, mode), splits, strict=True)
        ]

    def _confirmed(self, judged: Judged, case: Case, mode: Mode, split: Split) -> Judged:
        unexplained = {found.finding.name for found in judged.judgements if found.known_issue is None}
        if not unexplained:
            return judged
        try:
            again = self._judged(case, mode, split, attempt=1)
        except NotRecorded:
            return judged  # a replay can ask nothing again
        repeated = {found.finding.name for found in again.judgements}
        gone = sorted(unexplained - repeated)
        if not gone:
            return judged
        kept = tuple(found for found in judged.judgements if found.finding.name not in gone)
        return replace(
            judged, judgements=kept, note=f"depends on load: {', '.join(gone)} came once in two attempts"
        )

    def _judged(self, case: Case, mode: Mode, split: Split, attempt: int = 0) -> Judged:
        exchange = self._forced(case, mode, split, attempt)
        reply = read_reply(exchange, streamed=mode == "stream")
        self._require_forced(case, split, attempt, reply)
        whole = self._forced(case, "whole", NATURAL, 0)
        partner = read_reply(whole, streamed=False)
        settled = _settled(case, partner) if case.debatable else case
        subject = Subject(
            case=settled,
            profile=self.live.deployment.profile,
            mode=mode,
            split=split.name,
            round=1,
            request=self._body(forced_body, case, mode, split),
            exchange=exchange,
            reply=reply,
            sdk=sdk_view(exchange),
            partner=partner if mode == "stream" else None,
            tags=tags_of(case),
        )
        return self._judge.judged(subject, self._judge.findings(subject))

    def _require_forced(self, case: Case, split: Split, attempt: int, reply: Reply) -> None:
        """The echo has to be the text; cut by character it also has to be as many tokens long as the judged answer.

        (Under other splits the tools in the prompt may lead the model to other tokens for the same text.)
        """
        echo = self._record(self._echo(case, split), attempt)
        echoed = read_reply(echo, streamed=True)
        content = echoed.choice.content if echoed.choice else None
        if echo.status != _OK or content != case.text:
            got = echo.error or f"status {echo.status}, content {content!r}, error {echoed.error}"
            raise InfrastructureError(
                f"{case.id} [{split.name}]: the text could not be forced, so nothing can be judged;"
                f" wanted {case.text!r}, the echo gave {got}"
            )
        ours, theirs = _completion_tokens(reply), _completion_tokens(echoed)
        if split.by_character and ours is not None and ours != theirs:
            raise InfrastructureError(
                f"{case.id} [{split.name}]: the judged answer has {ours} tokens and its echo {theirs}:"
                " another text was written, so nothing can be judged"
            )

    def _asks(self, case: Case, mode: Mode) -> Iterator[_Ask]:
        yield _Ask(case.id, "whole", NATURAL, self._body(forced_body, case, "whole", NATURAL))
        for split in self.plan(case, mode).splits:
            yield self._echo(case, split)
            yield _Ask(case.id, mode, split, self._body(forced_body, case, mode, split))

    def _echo(self, case: Case, split: Split) -> _Ask:
        return _Ask(f"{case.id}/echo", "stream", split, self._body(echo_body, case, "stream", split))

    def _forced(self, case: Case, mode: Mode, split: Split, attempt: int) -> Exchange:
        return self._record(self._ask(case, mode, split), attempt)

    def _ask(self, case: Case, mode: Mode, split: Split) -> _Ask:
        return _Ask(case.id, mode, split, self._body(forced_body, case, mode, split))

    def _record(self, ask: _Ask, attempt: int = 0) -> Exchange:
        return self._recordings.record(ask.key, ask.mode, ask.split.name, ask.body, attempt)

    def _body(
        self, make: Callable[..., dict[str, Any]], case: Case, mode: Mode, split: Split
    ) -> dict[str, Any]:
        tokens = self._tokens.of(case.text or "") if split.by_character else ()
        return make(case, split, mode, self.live.deployment.model, self._judge.version, tokens)


def _settled(case: Case, whole: Reply) -> Case:
    """A debatable case with the whole answer as what is right: then streamed has to agree, and that is all."""
    choice = whole.choice
    if choice is None:
        return replace(case, calls=())
    calls = tuple(
        ExpectedCall(call.name or "", arguments)
        for call in choice.tool_calls
        if (arguments := _object(call.arguments)) is not None
    )
    return replace(case, calls=calls, content=choice.content)


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _completion_tokens(reply: Reply) -> int | None:
    tokens = (reply.usage or {}).get("completion_tokens")
    return tokens if isinstance(tokens, int) else None
