"""The evidence for what blocks, taken from the run's files alone: no server is needed any more, and no catalogue."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.comparison import Row
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.exchange import SdkView
from tests.harness.core.records.judged import Judged
from tests.harness.core.records.outcome import Cell, Judgement, Outcome
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.run import Run
from tests.harness.core.records.subject import CheckContext
from tests.harness.core.records.target import Target
from tests.harness.recording.assemble import read_reply
from tests.harness.report.evidence import failure_text
from tests.harness.report.run_report import RecordedAnswer
from tests.harness.runfolder.archive import Archive

_ANY_SERVER = "http://HOST:PORT"
"""Stands in the command for a reader's own server: a launched one is gone by now."""


class EvidenceReader:
    """What is needed to tell a run's findings again."""

    def __init__(self, run: Run) -> None:
        """Nothing is read yet."""
        self._run = run
        self._archive = Archive(run.folder)

    def look(self, name: str) -> RecordedAnswer | None:
        """The recording of a name with its answer put together; None if there is none. Raises UsageProblem."""
        exchange = self._archive.named(name)
        if exchange is None:
            return None
        return RecordedAnswer(exchange, read_reply(exchange, streamed=exchange.key.mode == "stream"))

    def lines(self, rows: Sequence[Row]) -> list[str]:
        """The findings of one item's rows, with the events that show them and two ways to see them again."""
        outcome = next((found for found in self._run.outcomes if found.name == rows[0].item), None)
        if outcome is None:
            return []
        places = {(row.split, row.round): row.after.exchange for row in rows if row.after}
        found = [entry for entry in outcome.judgements if (entry.split, entry.round) in places]
        return self._told(
            outcome,
            [
                (name, [entry for entry in found if (entry.split, entry.round) == place])
                for place, name in places.items()
            ],
        )

    def of_item(self, outcome: Outcome) -> list[str]:
        """The same for all that one item showed."""
        return self._told(outcome, [(cell.exchange, _in(cell, outcome.judgements)) for cell in outcome.cells])

    def _told(self, outcome: Outcome, shown: Iterable[tuple[str, Sequence[Judgement]]]) -> list[str]:
        unreadable: list[str] = []
        try:
            damaged = [
                judged for name, found in shown if found and (judged := self._judged(outcome, name, found))
            ]
        except UsageProblem as problem:
            damaged, unreadable = [], [f"    recording  {problem}"]
        if not damaged:  # without its recording there are words alone
            told = {found.finding.name: found.finding.message for found in outcome.judgements}
            return [*(f"  {name}   {message}" for name, message in told.items()), *unreadable]
        return failure_text(damaged, self._deployment, outcome.item).splitlines()[1:]

    def _judged(self, outcome: Outcome, name: str, found: Sequence[Judgement]) -> Judged | None:
        look = self.look(name)
        if look is None:
            return None
        mode: Mode = "stream" if look.exchange.key.mode == "stream" else "whole"
        case = Case(outcome.case, topic="", dialect="", why="", messages=(), tools=(), calls=())
        first = found[0]
        context = CheckContext(
            case, self._profile, mode, first.split, first.round, {}, look.exchange, look.reply, SdkView(())
        )
        return Judged(context, tuple(found), ())

    @property
    def _profile(self) -> Profile:
        header = self._run.header
        return Profile(header.profile, header.model, parser="", why="")

    @cached_property
    def _deployment(self) -> Deployment:
        header = self._run.header
        kind = header.target.partition(":")[0].replace("https", "http")
        url = header.origin if kind == "http" else _ANY_SERVER
        managed = kind not in {"http", "replay"}
        target = Target(header.target, kind, "")
        return Deployment(
            header.label, target, self._profile, url, header.model, header.vllm_version, managed
        )


def _in(cell: Cell, judgements: Sequence[Judgement]) -> list[Judgement]:
    """The findings about one answer."""
    return [
        found
        for found in judgements
        if (found.split, found.round) == (cell.split, cell.round)
        and (not cell.exchange or cell.exchange.startswith((f"{found.case}|", f"{found.case}/")))
    ]
