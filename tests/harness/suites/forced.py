"""Forced answers: any text, under every split that a deployment offers, proven to have been forced."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any

from tests.harness.cases.cut_tags import cut_tags_of
from tests.harness.cases.forcing import forcing_of
from tests.harness.cases.forcing_by_grammar import echo_mode
from tests.harness.cases.splits import Plan, plan_splits, whole_split
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import Case, Depth, Mode
from tests.harness.core.records.cut import Cut, NamedTokens
from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.outcome import NOT_RECORDED
from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.core.records.reply import Reply
from tests.harness.core.records.split import NATURAL, Split
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.judge import Judge
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.named_tokens import deltas_of, read_tokens
from tests.harness.servers.progress import Progress
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.confirmation import confirmed_context, without_lasting
from tests.harness.suites.sought_answers import smallest, under_cuts
from tests.harness.suites.written import has_failed, is_written, require_echoed


@dataclass(frozen=True)
class Ask:
    """One request that a case needs."""

    key: str
    mode: Mode
    split: Split
    body: dict[str, Any]
    case: Case | None = None
    """Whose text the answer is forced to be; None: nothing is forced, or it is an echo."""


BaselineCuts = Mapping[str, Collection[Cut]]
"""Case -> the cuts in which its streams came in the baseline."""


class ForcedSuite:
    """Asks one deployment to say given texts, and judges what its parser makes of them."""

    def __init__(
        self, answer_store: AnswerStore, judge: Judge, depth: Depth, baseline_cuts: BaselineCuts | None = None
    ) -> None:
        """Take what asks and what judges, all of one deployment."""
        self.server = answer_store.server
        self._answers = answer_store
        self._judge = judge
        self.depth = depth
        self._baseline_cuts = baseline_cuts or {}
        self._tags: dict[str, frozenset[str]] = {}
        self._tokens = answer_store.tokens
        self._forcing = forcing_of(judge.version, scripted=self.server.deployment.scripted)

    @property
    def cuts_exactly(self) -> bool:
        """Return whether each delta ends where the request says."""
        return self._forcing.cuts_exactly

    def close(self) -> None:
        """Close the connections."""
        self._tokens.close()

    def recorded_answer(self, name: str) -> RecordedAnswer | None:
        """Return the recording of a name with its answer put together; None if there is none."""
        return self._answers.recorded_answer(name)

    def is_seen_enough(self, findings: Collection[Finding]) -> bool:
        """Return whether enough cases have shown the causes of all these findings, so that nothing more is asked."""
        return self._answers.seen.is_enough(findings)

    def skip_reason(self) -> str:
        """Return why nothing can be forced here; empty if it can."""
        return self.server.deployment.profile.forcing_refusal

    def plan(self, case: Case, mode: Mode) -> Plan:
        """Return the splits of a case."""
        if mode == "whole":
            return self._answered(case, mode, whole_split(case, self.server.deployment.profile))
        plan = plan_splits(
            case,
            self.server.deployment.profile,
            self._judge.version,
            self.depth,
            cuts_exactly=self.cuts_exactly,
        )
        return self._answered(case, mode, plan)

    def _answered(self, case: Case, mode: Mode, plan: Plan) -> Plan:
        """Return the part of a plan that has answers: on a server all. Raises NotRecorded if a replay has none."""
        if not self.server.recorded:
            return plan
        reasons = {split: self._not_recorded(case, mode, split) for split in plan.splits}
        missing = tuple((split.name, NOT_RECORDED + why) for split, why in reasons.items() if why)
        if plan.splits and len(missing) == len(plan.splits):
            raise NotRecorded(missing[0][1].removeprefix(NOT_RECORDED))
        kept = tuple(split for split, why in reasons.items() if not why)
        return Plan(kept, plan.not_applicable + missing)

    def _not_recorded(self, case: Case, mode: Mode, split: Split) -> str:
        try:
            ask = self._ask(case, mode, split)
        except NotRecorded as problem:
            return str(problem)
        return self._answers.skip_reason(ask.key, ask.mode, ask.split.name, ask.body)

    def record_side_by_side(
        self, wanted: Sequence[tuple[Case, Mode]], concurrency: int, progress: Progress
    ) -> None:
        """Record all that these items need, `concurrency` requests at once."""
        progress.begin("record")
        if self._forcing.takes_tokens:
            self._tokens.learn(case.text or "" for case, _ in wanted)
        asks = self.asks_for(wanted)
        if asks and not self._names_tokens(asks[0]):
            asks += self._echoes_for(wanted)
            progress.line(
                "tokens", "the server names none: each text is echoed, and how a stream was cut is not known"
            )
        # The longest first: they would go on when all others are done.
        asks.sort(key=lambda ask: len(ask.case.text or "") if ask.case else 0, reverse=True)
        with ThreadPoolExecutor(concurrency) as pool:
            jobs = [pool.submit(self._record_whole, ask) for ask in asks]
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

    def _record_whole(self, ask: Ask) -> None:
        """Record an answer, and what its tokens write: a replay has to know both."""
        reply = read_reply(self._record(ask), streamed=ask.mode == "stream")
        if ask.case is not None:
            self._tokens_in(ask.case, reply)

    def asks_for(self, wanted: Sequence[tuple[Case, Mode]]) -> list[Ask]:
        """Return every request that these items need, once."""
        asks = {
            (ask.key, ask.mode, ask.split.name): ask
            for case, mode in wanted
            for ask in self._asks(case, mode)
        }
        return list(asks.values())

    def answer(self, case: Case, mode: Mode, split: Split, attempt: int) -> tuple[dict[str, Any], Exchange]:
        """Return what the chat address was asked, and what it gave."""
        return self._ask(case, mode, split).body, self._forced(case, mode, split, attempt)

    def confirmed(self, case: Case, mode: Mode) -> list[JudgedAnswer]:
        """Judge each split. Where the cut is not known, an unexplained finding counts only if it shows each time.

        One that does not is noted, unless another split of the case shows it for good. Behind the answers of the plan
        stand those that were sought. Raises InfrastructureError where the text was not forced.
        """
        splits = self.plan(case, mode).splits
        partner = self._partner(case) if splits and mode == "stream" and not case.cut else None
        contexts = self._contexts(case, mode, splits, partner)
        answers = [self._confirmed(case, mode, split, first) for split, first in contexts]
        lasting = {name for answer in answers for name in answer.names}
        answers = [without_lasting(answer, lasting) for answer in answers]
        return answers + (self._sought(case, answers, partner) if self._cuts_anywhere(case, mode) else [])

    def _cuts_anywhere(self, case: Case, mode: Mode) -> bool:
        """Return whether a stream of a case can be cut anywhere: neither its request nor the server is in the way."""
        is_plain = case.cut is None and not case.request_options.request
        has_interval = self.server.deployment.profile.stream_interval is not None
        return mode == "stream" and self.cuts_exactly and is_plain and not has_interval

    def _sought(self, case: Case, answers: list[JudgedAnswer], partner: Reply | None) -> list[JudgedAnswer]:
        """Return the answers under the baseline's cuts, and under the smallest ones that show what nobody told of."""

        def judged(split: Split) -> JudgedAnswer | None:
            try:
                first = self._context(case, "stream", split, partner, 0)
                return replace(self._confirmed(case, "stream", split, first), sought=True)
            except NotRecorded:
                return None

        length = len(case.text or "")
        sought = list(under_cuts(self._baseline_cuts.get(case.id, ()), answers, length, judged))
        seen, found = self._answers.seen, [*answers, *sought]
        untold = {
            finding.name
            for answer in found
            for finding in answer.unexplained_findings
            if not (seen.is_told([finding]) or seen.is_enough([finding]))
        }
        return sought + list(smallest(untold, found, length, judged))

    def _confirmed(self, case: Case, mode: Mode, split: Split, first: CheckContext) -> JudgedAnswer:
        def again(attempt: int) -> CheckContext:
            return self._context(case, mode, split, first.partner, attempt)

        return confirmed_context(self._judge, first, again, self._answers.seen)

    def _partner(self, case: Case) -> Reply:
        """Return the answer that is not streamed: put together once for all splits."""
        return read_reply(self._forced(case, "whole", NATURAL, 0), streamed=False)

    def _contexts(
        self, case: Case, mode: Mode, splits: Sequence[Split], partner: Reply | None
    ) -> Iterator[tuple[Split, CheckContext]]:
        """Yield each split with the answer under it."""
        by_cut: dict[Cut, Exchange] = {}
        for split in splits:
            context = self._context(case, mode, split, partner, 0)
            # A stream that an error ends may lack its last delta.
            if context.cut is not None and not context.is_broken_off:
                context = replace(context, same_cut=by_cut.setdefault(context.cut, context.exchange))
            yield split, context

    def _context(
        self, case: Case, mode: Mode, split: Split, partner: Reply | None, attempt: int
    ) -> CheckContext:
        """Return what is to be judged: the answer or, where the server fails at its echo, that failure."""
        exchange = self._forced(case, mode, split, attempt)
        profile = self.server.deployment.profile
        context = CheckContext.of(case, exchange, profile, partner=partner, tags=self._tags_of(case))
        tokens = self._tokens_in(case, context.reply)
        if not is_written(case, tokens, context.reply):
            asked = self._echo(case, split)
            echo = self._record(asked, attempt)
            if has_failed(echo):
                return CheckContext.of(case, echo, profile, tags=context.tags)
            echoed = read_reply(echo, streamed=echo.key.mode == "stream")
            # A parser may read calls where no tools are on offer: then the tokens show what was written.
            if not is_written(case, self._tokens_in(case, echoed), echoed):
                require_echoed(case, asked.split, echo, context.reply)
            # The text was written, so these are no tokens of it.
            tokens = tokens and replace(tokens, text=None, cut=None)
        cut = tokens.cut if tokens else None
        cut_tags = None if cut is None else cut_tags_of(case, cut)
        return replace(context, tokens=tokens, cut_tags=cut_tags)

    def _tokens_in(self, case: Case, reply: Reply) -> NamedTokens | None:
        held_back = "stop" in case.request_options.request
        return read_tokens(reply, case.text or "", self._answers.token_texts.of, held_back=held_back)

    def _tags_of(self, case: Case) -> frozenset[str]:
        if case.id not in self._tags:
            self._tags[case.id] = tags_of(case)
        return self._tags[case.id]

    def _names_tokens(self, ask: Ask) -> bool:
        """Return whether the server names the tokens of its answers: then a text needs no echo to be proven."""
        answer = read_reply(self._record(ask), streamed=ask.mode == "stream")
        return deltas_of(answer) is not None or answer.error is not None

    def _asks(self, case: Case, mode: Mode) -> Iterator[Ask]:
        if case.cut is None:
            yield self._ask(case, "whole", NATURAL)
        for split in self.plan(case, mode).splits:
            yield self._ask(case, mode, split)

    def _echoes_for(self, wanted: Sequence[tuple[Case, Mode]]) -> list[Ask]:
        echoes = (self._echo(case, split) for case, mode in wanted for split in self.plan(case, mode).splits)
        return list({(ask.key, ask.mode, ask.split.name): ask for ask in echoes}.values())

    def _echo(self, case: Case, split: Split) -> Ask:
        mode, split = echo_mode(self._judge.version), self._forcing.echo_split(case, split)
        return Ask(f"{case.id}/echo", mode, split, self._body(self._forcing.echo_body, case, mode, split))

    def _forced(self, case: Case, mode: Mode, split: Split, attempt: int) -> Exchange:
        return self._record(self._ask(case, mode, split), attempt)

    def _ask(self, case: Case, mode: Mode, split: Split) -> Ask:
        return Ask(case.id, mode, split, self._body(self._forcing.forced_body, case, mode, split), case)

    def _record(self, ask: Ask, attempt: int = 0) -> Exchange:
        return self._answers.record(ask.key, ask.mode, ask.split.name, ask.body, attempt)

    def _body(
        self, make: Callable[..., dict[str, Any]], case: Case, mode: Mode, split: Split
    ) -> dict[str, Any]:
        by_character = split.by_character and self._forcing.takes_tokens
        tokens = self._tokens.of(case.text or "") if by_character else ()
        return make(case, split, mode, self.server.deployment.model, tokens)
