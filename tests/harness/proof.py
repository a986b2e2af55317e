"""The evidence for what the gate blocks, taken from the recording: no server is needed any more."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.harness.aims import Aim
from tests.harness.exchange.archive import Archive
from tests.harness.exchange.assemble import read_reply
from tests.harness.records.case import Case, Mode
from tests.harness.records.comparison import Row
from tests.harness.records.deployment import Deployment
from tests.harness.records.exchange import Exchange, SdkView
from tests.harness.records.judged import Judged
from tests.harness.records.outcome import Outcome
from tests.harness.records.run import Run
from tests.harness.records.subject import Subject
from tests.harness.report.evidence import failure_text

_ANY_SERVER = "http://HOST:PORT"
"""Stands in the command for a reader's own server: a launched one is gone by now."""


@dataclass(frozen=True)
class Proof:
    """What is needed to tell a run's findings again."""

    run: Run
    aim: Aim
    cases: Sequence[Case]

    def lines(self, rows: Sequence[Row]) -> list[str]:
        """The findings of one item's rows, with the events that show them and two ways to see them again."""
        outcome = next((found for found in self.run.outcomes if found.name == rows[0].item), None)
        case = next((case for case in self.cases if case.id == rows[0].case), None)
        if outcome is None:
            return []
        archive = Archive(self.run.folder)
        judged = [
            self._judged(case, row, outcome, exchange)
            for row in rows
            if case and row.after and (exchange := archive.named(row.after.exchange))
        ]
        damaged = [entry for entry in judged if entry.judgements]
        if not damaged:  # without its case or its recording there are words alone
            told = {found.finding.name: found.finding.message for found in outcome.judgements}
            return [f"  {name}   {message}" for name, message in told.items()]
        return failure_text(damaged, self._deployment(), outcome.item).splitlines()[1:]

    def _judged(self, case: Case, row: Row, outcome: Outcome, exchange: Exchange) -> Judged:
        judgements = tuple(
            found for found in outcome.judgements if (found.split, found.round) == (row.split, row.round)
        )
        reply = read_reply(exchange, streamed=exchange.key.mode == "stream")
        mode: Mode = "stream" if exchange.key.mode == "stream" else "whole"
        subject = Subject(
            case, self.aim.profile, mode, row.split, row.round, {}, exchange, reply, SdkView(())
        )
        return Judged(subject, judgements, ())

    def _deployment(self) -> Deployment:
        header = self.run.header
        url = header.origin if self.aim.target.kind == "http" else _ANY_SERVER
        owned = self.aim.target.kind not in {"http", "replay"}
        return Deployment(
            self.aim.label, self.aim.target, self.aim.profile, url, header.model, header.vllm_version, owned
        )
