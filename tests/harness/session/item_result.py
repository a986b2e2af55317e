"""Ends a test item by what was judged, in pytest's own way: passed, failed, or an expected failure."""

from collections.abc import Sequence

import pytest

from tests.harness.core.records.figure import Figure
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.observation import ObservedAnswer
from tests.harness.recording.model_text import ModelTexts
from tests.harness.report.evidence import Rerun, failure_text, findings_text
from tests.harness.report.observed import observed_failure, observed_text
from tests.harness.servers.launch import Server
from tests.harness.servers.progress import tracebacks_since
from tests.harness.suites.answer_store import AnswerStore

ANSWERS = pytest.StashKey[tuple[JudgedAnswer, ...]]()
"""What was judged in an item; read when its report is made."""
FIGURES = pytest.StashKey[tuple[Figure, ...]]()
"""What was measured in an item."""
NOT_APPLICABLE = pytest.StashKey[tuple[str, ...]]()
"""Why parts of an item do not apply to its deployment."""


class UnexplainedFindings(AssertionError):
    """At least one finding that no ledger entry explains."""


class RepeatedFindings(UnexplainedFindings):
    """Unexplained findings whose causes other items have told of: its text is one line."""


class KnownFindings(AssertionError):
    """Findings, all explained by the ledger: an expected failure."""


class ItemResult:
    """Belongs to one test item."""

    def __init__(
        self,
        item: pytest.Item,
        answer_store: AnswerStore,
        texts: ModelTexts,
        rerun: Rerun,
        *,
        is_baseline: bool = False,
    ) -> None:
        """Remember where the server's log ends now: what it says later belongs to this item.

        What a baseline shows fails no item: it is compared, and has no verdict of its own.
        """
        self._item = item
        self._answers = answer_store
        self._server: Server = answer_store.server
        self._texts = texts
        self._is_baseline = is_baseline
        self._seen = answer_store.seen
        self._rerun = rerun
        log = self._server.deployment.log
        self._log_start = log.stat().st_size if log and log.exists() else 0

    def verify(self, *answers: JudgedAnswer, failure: str = "") -> None:
        """End the item. Raises UnexplainedFindings, or KnownFindings as an expected failure.

        `failure` is what to say of unexplained findings where the usual words do not do.
        """
        self._item.stash[ANSWERS] = answers
        damaged = [answer for answer in answers if answer.findings]
        if not damaged:
            return
        if self._fails(damaged):
            self._fail_as_before(damaged)
            self._attach_log()
            recorded = self._answers.recorded_answer
            raise UnexplainedFindings(
                failure or failure_text(damaged, self._rerun, self._item.nodeid, recorded)
            )
        self._attach_log()
        self._end_as_known(damaged, findings_text(damaged))

    def observe(self, observed: ObservedAnswer) -> None:
        """End the item by what many requests together showed, a refusal or a client."""
        observation, answer = observed.observation, observed.answer
        self._item.stash[ANSWERS] = (answer,)
        self._item.stash[FIGURES] = observation.figures
        self._item.stash[NOT_APPLICABLE] = observation.not_applicable
        if not answer.findings:
            return
        if self._fails([answer]):
            self._fail_as_before([answer])
            self._attach_log()
            raise UnexplainedFindings(
                observed_failure(answer, self._rerun, self._item.nodeid, observation.by_hand)
            )
        self._attach_log()
        self._end_as_known([answer], observed_text(answer.findings))

    def note_not_applicable(self, splits: Sequence[tuple[str, str]]) -> None:
        """Count the splits that this deployment does not offer, each with its reason."""
        self._item.stash[NOT_APPLICABLE] = tuple(reason for _, reason in splits)

    def attach_model_text(self, answer: JudgedAnswer) -> None:
        """Show what a model wrote by itself, so that the reader sees whether model or parser is to blame."""
        if (
            answer.findings
            and not self._server.recorded
            and not self._seen.is_told(answer.unexplained_findings)
        ):
            text = self._texts.of(self._answers.request_of(answer.exchange))
            self._item.add_report_section("call", "what the model wrote, past every parser", text)

    def _fail_as_before(self, answers: Sequence[JudgedAnswer]) -> None:
        """Raise RepeatedFindings where enough items have told of all that is wrong here."""
        findings = [finding for answer in answers for finding in answer.unexplained_findings]
        if line := self._seen.tell(self._item.nodeid, findings):
            raise RepeatedFindings(line)

    def _fails(self, answers: Sequence[JudgedAnswer]) -> bool:
        return not self._is_baseline and any(answer.unexplained for answer in answers)

    def _end_as_known(self, answers: Sequence[JudgedAnswer], findings: str) -> None:
        names = sorted({name for answer in answers for name in answer.known_issues})
        reason = "the baseline: compared, not judged" if self._is_baseline else f"known: {', '.join(names)}"
        self._item.add_marker(pytest.mark.xfail(raises=KnownFindings, strict=True, reason=reason))
        raise KnownFindings(findings)

    def _attach_log(self) -> None:
        log = self._server.deployment.log
        trace = tracebacks_since(log, self._log_start) if log else ""
        if trace:
            self._item.add_report_section("call", f"traceback in {log}", trace)
