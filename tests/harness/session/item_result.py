"""Ends a test item by what was judged: passed, failed, or an expected failure, in pytest's own way."""

from collections.abc import Sequence

import pytest

from tests.harness.core.records.judged import Judged
from tests.harness.core.records.observed import Observed
from tests.harness.recording.model_text import ModelTexts
from tests.harness.report.evidence import failure_text, findings_text
from tests.harness.report.observed import observed_failure, observed_text
from tests.harness.servers.launch import Server
from tests.harness.servers.progress import tracebacks_since

JUDGED = pytest.StashKey[tuple[Judged, ...]]()
"""What was judged in an item; read when its report is made."""
OBSERVED = pytest.StashKey[Observed]()
"""What many requests of an item showed together."""
NOT_APPLICABLE = pytest.StashKey[tuple[str, ...]]()
"""Why parts of an item do not apply to its deployment."""


class UnexplainedFindings(AssertionError):
    """At least one finding that no ledger entry explains."""


class KnownFindings(AssertionError):
    """Findings, all explained by the ledger: an expected failure."""


class ItemResult:
    """Belongs to one test item."""

    def __init__(
        self, live: Server, item: pytest.Item, texts: ModelTexts, *, is_baseline: bool = False
    ) -> None:
        """Remember where the server's log ends now: what it says later belongs to this item.

        What a baseline shows fails no item: it is compared, and has no verdict of its own.
        """
        self._is_baseline = is_baseline
        self._live = live
        self._item = item
        self._texts = texts
        log = live.deployment.log
        self._log_began = log.stat().st_size if log and log.exists() else 0

    def verify(self, *judged: Judged, failure: str = "") -> None:
        """End the item. Raises UnexplainedFindings, or KnownFindings as an expected failure.

        `failure` is what to say of unexplained findings where the usual words do not do.
        """
        self._item.stash[JUDGED] = judged
        damaged = [entry for entry in judged if entry.judgements]
        if not damaged:
            return
        self._attach_log()
        known = [found.known_issue for entry in damaged for found in entry.judgements]
        told = failure or failure_text(damaged, self._live.deployment, self._item.nodeid)
        self._end(known, findings_text(damaged), told)

    def _end(self, known: Sequence[str | None], findings: str, failure: str) -> None:
        """Raise what the findings are to pytest; `known`: what explains each of them."""
        if self._is_baseline:
            self._expect_failure("the baseline: compared, not judged")
            raise KnownFindings(findings)
        if None in known:
            raise UnexplainedFindings(failure)
        self._expect_failure(f"known: {', '.join(sorted({name or '' for name in known}))}")
        raise KnownFindings(findings)

    def observe(self, observed: Observed) -> None:
        """As `verify`, for what many requests together showed."""
        self._item.stash[OBSERVED] = observed
        self._item.stash[NOT_APPLICABLE] = observed.sight.not_applicable
        if not observed.judgements:
            return
        self._attach_log()
        self._end(
            [found.known_issue for found in observed.judgements],
            observed_text(observed.judgements),
            observed_failure(
                observed.judgements, self._live.deployment, self._item.nodeid, observed.sight.by_hand
            ),
        )

    def note_not_applicable(self, splits: Sequence[tuple[str, str]]) -> None:
        """Count the splits that this deployment does not offer, each with its reason."""
        self._item.stash[NOT_APPLICABLE] = tuple(reason for _, reason in splits)

    def attach_model_text(self, judged: Judged) -> None:
        """Show what a model wrote by itself, so that the reader sees whether model or parser is to blame."""
        if judged.judgements and not self._live.recorded:
            wrote = self._texts.of(judged.context.request)
            self._item.add_report_section("call", "what the model wrote, past every parser", wrote)

    def _expect_failure(self, reason: str) -> None:
        self._item.add_marker(pytest.mark.xfail(raises=KnownFindings, strict=True, reason=reason))

    def _attach_log(self) -> None:
        log = self._live.deployment.log
        trace = tracebacks_since(log, self._log_began) if log else ""
        if trace:
            self._item.add_report_section("call", f"traceback in {log}", trace)
