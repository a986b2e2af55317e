"""What a live test holds in its hands: ask a deployment, judge the answer, say what came of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.harness.catalogue.requests import History, expected_calls, follow_up_body, query_body
from tests.harness.catalogue.run_calls import run_calls
from tests.harness.catalogue.tags import tags_of
from tests.harness.checks.registry import judge_all
from tests.harness.deployment.bring_up import Live
from tests.harness.deployment.progress import tracebacks_since
from tests.harness.exchange.assemble import read_reply
from tests.harness.exchange.model_text import model_text
from tests.harness.exchange.recorder import Recorder
from tests.harness.exchange.sdk_view import sdk_view
from tests.harness.exchange.store import save
from tests.harness.ledger.explain import Place, covering, explain
from tests.harness.records.case import MODES, Case, Mode
from tests.harness.records.errors import InfrastructureError
from tests.harness.records.exchange import Exchange
from tests.harness.records.finding import Finding
from tests.harness.records.known_issue import KnownIssue
from tests.harness.records.outcome import Judgement
from tests.harness.records.reply import Choice
from tests.harness.records.subject import Subject
from tests.harness.report.evidence import failure_text, findings_text

NATURAL = "natural"
REPEATS = 2
"""Further answers that each mode of an unstable model gives before stream and whole are said to disagree."""


class UnexplainedFindings(AssertionError):
    """At least one finding that no ledger entry explains."""


class KnownFindings(AssertionError):
    """Findings, all explained by the ledger: an expected failure."""


@dataclass(frozen=True)
class Judged:
    """All findings about one answer, each with the ledger entry that explains it, if any."""

    subject: Subject
    judgements: tuple[Judgement, ...]
    covered: tuple[str, ...]
    note: str = ""


class Examiner:
    """Asks one deployment. Answers are recorded once a session and shared by the tests that need them."""

    def __init__(
        self, live: Live, issues: tuple[KnownIssue, ...], assumed_version: str | None, folder: Path
    ) -> None:
        """Open the recorder; `folder` takes the recordings."""
        self.live = live
        self._issues = issues
        self._version = assumed_version or live.deployment.vllm_version
        self._exchanges = folder / "exchanges.jsonl"
        self._recorder = Recorder(live.deployment.base_url, live.deployment.api_key)
        self._recorded: dict[tuple[str, str, str, int], Exchange] = {}

    def close(self) -> None:
        """Close the connections."""
        self._recorder.close()

    def query(self, case: Case, mode: Mode) -> Subject:
        """Round one: the user's question."""
        bodies = {wanted: query_body(case, wanted, self.live.deployment.model) for wanted in MODES}
        return self._subject(case, mode, 1, case.id, bodies)

    def follow_up(self, case: Case, mode: Mode, history: History) -> Subject:
        """Round two, on a correct history, so that a defect in round one cannot hide it."""
        calls = expected_calls(case)
        runs = run_calls(calls)
        model = self.live.deployment.model
        bodies = {wanted: follow_up_body(case, calls, runs, history, wanted, model) for wanted in MODES}
        return self._subject(case, mode, 2, f"{case.id}/{history}", bodies)

    def with_tools_run(self, first: Subject) -> Subject:
        """Round one with its calls run, as a user's program runs them on what really came."""
        choice = first.reply.choice
        return replace(first, tool_runs=run_calls(choice.tool_calls if choice else ()))

    def follow_up_on(self, ran: Subject, history: History) -> Subject:
        """Round two, on what round one really returned; all its tools ran."""
        choice, runs = ran.reply.choice, ran.tool_runs
        if choice is None or runs is None:
            raise ValueError("the tools of round one have to be run first")
        model = self.live.deployment.model
        body = follow_up_body(ran.case, choice.tool_calls, runs, history, ran.mode, model)
        # Call ids differ between two answers, so a chained round has no partner that was asked the same.
        return self._subject(ran.case, ran.mode, 2, f"{ran.case.id}/{history}/chained", {ran.mode: body})

    def judge(self, subject: Subject, only: frozenset[str] | None = None) -> Judged:
        """All findings about an answer; `only` limits them to some checks."""
        findings = judge_all(subject)
        if only is not None:
            findings = tuple(finding for finding in findings if finding.check in only)
        findings, note = self._without_instability(subject, findings)
        where = Place(
            self._version, self.live.deployment.profile.parser, subject.mode, subject.split, subject.tags
        )
        judgements = []
        for finding in findings:
            issue = explain(finding, self._issues, where)
            known = issue.id if issue else None
            judgements.append(
                Judgement(finding, subject.case.id, subject.mode, subject.split, subject.round, known)
            )
        covered = tuple(issue.id for issue in covering(self._issues, where))
        return Judged(subject, tuple(judgements), covered, note)

    def what_the_model_wrote(self, subject: Subject) -> str:
        """The model's text past every parser."""
        deployment = self.live.deployment
        return model_text(deployment.base_url, deployment.api_key, subject.request)

    def _subject(
        self, case: Case, mode: Mode, round_: int, key: str, bodies: dict[Mode, dict[str, Any]]
    ) -> Subject:
        exchange = self._record(key, mode, 0, bodies[mode])
        reply = read_reply(exchange, streamed=mode == "stream")
        partner = None
        if mode == "stream" and "whole" in bodies:
            partner = read_reply(self._record(key, "whole", 0, bodies["whole"]), streamed=False)
        return Subject(
            case=case,
            profile=self.live.deployment.profile,
            mode=mode,
            split=NATURAL,
            round=round_,
            request=bodies[mode],
            exchange=exchange,
            reply=reply,
            sdk=sdk_view(exchange),
            partner=partner,
            tags=tags_of(case),
        )

    def _record(self, key: str, mode: Mode, attempt: int, body: dict[str, Any]) -> Exchange:
        name = (key, mode, json.dumps(body, sort_keys=True), attempt)
        if name not in self._recorded:
            self.live.require_alive()
            exchange = self._recorder.record(key, mode, NATURAL, attempt, body)
            save(self._exchanges, exchange)
            if exchange.error:
                self._blame(exchange)
            self._recorded[name] = exchange
        return self._recorded[name]

    def _blame(self, exchange: Exchange) -> None:
        """An answer that broke off is a finding, unless the server is gone: then it is nobody's finding."""
        self.live.require_alive_soon()
        if exchange.status is None and not self.live.answers():
            raise InfrastructureError(
                f"{self.live.deployment.base_url} does not answer any more: {exchange.error}"
            )

    def _without_instability(
        self, subject: Subject, findings: tuple[Finding, ...]
    ) -> tuple[tuple[Finding, ...], str]:
        """Drop disagreement between modes where one mode does not even agree with itself."""
        if subject.profile.stable or not any(finding.check == "parity" for finding in findings):
            return findings, ""
        agreeing = 0
        for mode in MODES:
            body = {**subject.request, "stream": mode == "stream"}
            body.pop("stream_options", None)
            replies = [self._shape(subject, mode, attempt, body) for attempt in range(1, REPEATS + 2)]
            agreeing += all(reply == replies[0] for reply in replies)
        if agreeing == len(MODES):
            return findings, ""
        kept = tuple(finding for finding in findings if finding.check != "parity")
        return (
            kept,
            "model unstable: the same request gets different answers, so the modes cannot be compared",
        )

    def _shape(self, subject: Subject, mode: Mode, attempt: int, body: dict[str, Any]) -> object:
        exchange = self._record(f"{subject.exchange.key.case}/repeat", mode, attempt, body)
        return _comparable(read_reply(exchange, streamed=mode == "stream").choice)


class Verifier:
    """Judges for one test item and ends it as pytest's own outcomes: passed, failed or expected failure."""

    def __init__(
        self,
        examiner: Examiner,
        request: pytest.FixtureRequest,
        publish: Callable[[pytest.FixtureRequest, Judged], None],
    ) -> None:
        """`publish` hands the judgement to the session."""
        self.examiner = examiner
        self._request = request
        self._publish = publish
        self._log = examiner.live.deployment.log
        self._log_began = self._log.stat().st_size if self._log and self._log.exists() else 0

    def verify(self, subject: Subject, only: frozenset[str] | None = None) -> None:
        """Judge an answer. Raises UnexplainedFindings, or KnownFindings as an expected failure."""
        judged = self.examiner.judge(subject, only)
        self._publish(self._request, judged)
        if not judged.judgements:
            return
        self._attach_what_else_is_known(judged)
        deployment = self.examiner.live.deployment
        unexplained = [judgement for judgement in judged.judgements if judgement.known_issue is None]
        if unexplained:
            raise UnexplainedFindings(
                failure_text(
                    judged.subject,
                    judged.judgements,
                    deployment.target.text,
                    deployment.base_url,
                    self._request.node.nodeid,
                )
            )
        names = sorted({judgement.known_issue or "" for judgement in judged.judgements})
        self._request.node.add_marker(
            pytest.mark.xfail(raises=KnownFindings, strict=True, reason=f"known: {', '.join(names)}")
        )
        raise KnownFindings(findings_text(judged.judgements))

    def _attach_what_else_is_known(self, judged: Judged) -> None:
        wrote = self.examiner.what_the_model_wrote(judged.subject)
        self._request.node.add_report_section("call", "what the model wrote, past every parser", wrote)
        trace = tracebacks_since(self._log, self._log_began) if self._log else ""
        if trace:
            self._request.node.add_report_section("call", f"traceback in {self._log}", trace)


def _comparable(choice: Choice | None) -> object:
    if choice is None:
        return None
    calls = [(call.name, call.arguments) for call in choice.tool_calls]
    return calls, (choice.content or "").strip(), choice.finish_reason
