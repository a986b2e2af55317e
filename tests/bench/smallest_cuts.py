"""The smallest cut that shows each known issue, as text for tests/known_issues/smallest-cuts.md.

`python -m tests.bench.smallest_cuts RUN > tests/known_issues/smallest-cuts.md`

Made of a run of the main job (or of `--depth full`) on the scripted engine, where every cut is tried: of all answers
that show an entry of the ledger, the one in the fewest deltas, and of those the one to the shortest text.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.harness.core.printable import truncated
from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.core.records.run import Run
from tests.harness.report.cuts_shown import text_with_cut
from tests.harness.report.forced_text import forced_text
from tests.harness.runfolder.archive import Archive
from tests.harness.runfolder.read import read_run
from tests.harness.session.ledger import read_ledger

_HEAD = """# The smallest cut that shows each known issue

Made by `python -m tests.bench.smallest_cuts RUN` of a run on vLLM {version}. `|` stands where a delta ended; at the end
of a text it means that the end of the answer came in a delta of its own. *Not streamed* needs no cut at all. To see
one again: `pytest --target wheel:{version} -k CASE`; the run's page has the whole request
as a curl command.
"""
_LONGEST = 300
Shown = tuple[JudgedAnswer, ExplainedFinding, str]


def shown_by_issue(run: Run) -> dict[str, list[Shown]]:
    """Return, of each known issue, the answers to forced texts that show it."""
    archive = Archive(run.folder)
    shown: dict[str, list[Shown]] = {}
    for outcome in run.outcomes:
        for answer in outcome.answers:
            for explained in answer.findings:
                if explained.known_issue and answer.cut is not None:
                    exchange = archive.named(answer.exchange)
                    text = forced_text(exchange) if exchange else None
                    if text is not None:
                        shown.setdefault(explained.known_issue, []).append((answer, explained, text))
    return shown


def lines_of(run: Run) -> Iterator[str]:
    """Yield the document, a section an entry that the run shows."""
    yield _HEAD.format(version=run.header.vllm_version)
    shown = shown_by_issue(run)
    for issue in read_ledger():
        if issue.id not in shown:
            continue
        answer, explained, text = min(shown[issue.id], key=_size)
        finding = explained.finding
        yield f"## {issue.id}\n"
        yield issue.why + "\n"
        where = (
            text_with_cut(text, answer.cut)
            if answer.cut
            else f"{text_with_cut(text, (len(text),))}   (not streamed)"
        )
        yield f"```text\n{answer.case}\n  cut        {truncated(where, _LONGEST)}"
        yield f"  came       {finding.name}: {finding.got or 'nothing'}"
        yield f"  right      {finding.expected or 'nothing of the kind'}\n```\n"


def _size(shown: Shown) -> tuple[int, int]:
    answer, _, text = shown
    return len(answer.cut or ()), len(text)


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines_of(read_run(Path(sys.argv[1])))))
