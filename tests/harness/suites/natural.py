"""Natural answers: the model answers by itself, in two rounds."""

from dataclasses import replace
from typing import Any

from tests.harness.cases.requests import History, expected_calls, follow_up_body, query_body
from tests.harness.cases.run_calls import run_calls
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.case import MODES, Case, Mode
from tests.harness.core.records.errors import NotRecorded
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.reply import Choice
from tests.harness.core.records.split import NATURAL
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import parity
from tests.harness.judging.judge import Judge
from tests.harness.recording.assemble import read_reply
from tests.harness.suites.answer_store import AnswerStore

REPEATS = 3
"""Answers that each mode of an unstable model gives before stream and whole are said to disagree."""


class NaturalSuite:
    """Asks one deployment what users ask, and judges its answers."""

    def __init__(self, answer_store: AnswerStore, judge: Judge) -> None:
        """Take what asks and what judges, both of one deployment."""
        self.server = answer_store.server
        self._answers = answer_store
        self._judge = judge

    def query(self, case: Case, mode: Mode) -> CheckContext:
        """Ask round one: the user's question."""
        bodies = {wanted: query_body(case, wanted, self.server.deployment.model) for wanted in MODES}
        return self._context(case, mode, 1, case.id, bodies)

    def follow_up(self, case: Case, mode: Mode, history: History) -> CheckContext:
        """Ask round two, on a correct history, so that a defect in round one cannot hide it."""
        calls = expected_calls(case)
        runs = run_calls(calls)
        model = self.server.deployment.model
        bodies = {wanted: follow_up_body(case, calls, runs, history, wanted, model) for wanted in MODES}
        return self._context(case, mode, 2, f"{case.id}/{history}", bodies)

    def with_tools_run(self, first: CheckContext) -> CheckContext:
        """Return round one with its calls run, as a user's program runs them on what really came."""
        choice = first.reply.choice
        return replace(first, tool_runs=run_calls(choice.tool_calls if choice else ()))

    def follow_up_on(self, first: CheckContext, history: History) -> CheckContext:
        """Ask round two, on what round one really returned with all its tools run."""
        choice, runs = first.reply.choice, first.tool_runs
        if choice is None or runs is None:
            raise ValueError("the tools of round one have to be run first")
        model = self.server.deployment.model
        body = follow_up_body(first.case, choice.tool_calls, runs, history, first.mode, model)
        # Call ids differ between two answers, so a chained round has no partner that was asked the same.
        return self._context(
            first.case, first.mode, 2, f"{first.case.id}/{history}/chained", {first.mode: body}
        )

    def judge(self, context: CheckContext, only: frozenset[str] | None = None) -> JudgedAnswer:
        """Return the answer with all findings about it; `only` limits them to some checks."""
        findings, note = self._without_instability(context, self._judge.findings(context, only))
        return self._judge.with_ids(context, self._judge.judged(context, findings, note))

    def _context(
        self, case: Case, mode: Mode, turn: int, key: str, bodies: dict[Mode, dict[str, Any]]
    ) -> CheckContext:
        exchange = self._answers.record(key, mode, NATURAL.name, bodies[mode])
        partner = None
        if mode == "stream" and "whole" in bodies:
            whole = self._answers.record(key, "whole", NATURAL.name, bodies["whole"])
            partner = read_reply(whole, streamed=False)
        profile = self.server.deployment.profile
        return CheckContext.of(case, exchange, profile, turn=turn, partner=partner, tags=tags_of(case))

    def _without_instability(
        self, context: CheckContext, findings: tuple[Finding, ...]
    ) -> tuple[tuple[Finding, ...], str]:
        """Drop disagreement between modes where one mode does not even agree with itself."""
        if context.profile.stable or not any(finding.check == parity.CHECK.id for finding in findings):
            return findings, ""
        try:
            if all(self._agrees_with_itself(context, mode) for mode in MODES):
                return findings, ""
        except NotRecorded:
            return findings, ""  # a replay can ask nothing again
        kept = tuple(finding for finding in findings if finding.check != parity.CHECK.id)
        return (
            kept,
            "model unstable: the same request gets different answers, so the modes cannot be compared",
        )

    def _agrees_with_itself(self, context: CheckContext, mode: Mode) -> bool:
        body = {**context.request, "stream": mode == "stream"}
        if mode == "whole":
            body.pop("stream_options", None)
        key = f"{context.exchange.key.case}/repeat"
        answers = []
        for attempt in range(1, REPEATS + 1):
            exchange = self._answers.record(key, mode, NATURAL.name, body, attempt)
            answers.append(_comparable(read_reply(exchange, streamed=mode == "stream").choice))
        return all(answer == answers[0] for answer in answers)


def _comparable(choice: Choice | None) -> object:
    if choice is None:
        return None
    calls = [(call.name, call.arguments) for call in choice.tool_calls]
    return calls, (choice.content or "").strip(), choice.finish_reason
