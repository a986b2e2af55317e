"""The evidence for what blocks, taken from the run's files alone: no server is needed any more, and no case file."""

from collections.abc import Sequence

from tests.harness.core.records.cause import Cause
from tests.harness.core.records.comparison import Row
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.core.records.run import Run
from tests.harness.recording.assemble import recorded_answer_of
from tests.harness.report.evidence import Rerun, failure_text, findings_text
from tests.harness.runfolder.archive import Archive


class EvidenceReader:
    """Reads what a run's findings are proven by."""

    def __init__(self, run: Run) -> None:
        """Take a run; its recordings are read when they are needed."""
        self._run = run
        self._archive = Archive(run.folder)

    def recorded(self, name: str) -> RecordedAnswer | None:
        """Return the recording of a name with its answer put together; None if there is none. Raises UsageProblem."""
        exchange = self._archive.named(name)
        return recorded_answer_of(exchange) if exchange else None

    def lines(self, rows: Sequence[Row]) -> list[str]:
        """Return the findings of one item's rows, with the events that show them and two ways to see them again."""
        outcome = next((outcome for outcome in self._run.outcomes if outcome.name == rows[0].item), None)
        return self._proven(outcome.item, [row.after for row in rows if row.after]) if outcome else []

    def of_item(self, outcome: Outcome) -> list[str]:
        """Return the findings of all that one item showed, with the events that show them and how to see them again."""
        return self._proven(outcome.item, outcome.answers)

    def of_cause(self, cause: Cause) -> list[str]:
        """Return the finding of a cause's smallest answer, with the event that shows it and how to see it again."""
        return self._proven(cause.item, [cause.answer])

    def _proven(self, item: str, answers: Sequence[JudgedAnswer]) -> list[str]:
        damaged = [answer for answer in answers if answer.findings]
        try:
            recordings = {
                answer.exchange: self.recorded(answer.exchange) for answer in damaged if answer.exchange
            }
        except UsageProblem as problem:
            return [*findings_text(damaged).splitlines(), f"    recording  {problem}"]
        proven = [answer for answer in damaged if recordings.get(answer.exchange)]
        rerun = Rerun.of_run(self._run.header)
        if not proven:
            return [*findings_text(damaged).splitlines(), rerun.command(item)]
        return failure_text(proven, rerun, item, recordings.get).splitlines()[1:]
