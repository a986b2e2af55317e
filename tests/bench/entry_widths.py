"""How wide the ledger's entries are: of how many texts that one is about it was ever seen, and of which it was not.

`python -m tests.bench.entry_widths RUN...`

A new defect with the same symptoms would be hidden on the texts that a line names. Made of runs on the scripted engine,
of each release at least one, best of `--depth full`: what no cut showed is to be left out by a tag, or by `cases`.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.harness.cases.load import load_cases
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.core.records.run import Header, Run
from tests.harness.judging.ledger.match import Place, is_about
from tests.harness.runfolder.read import read_run
from tests.harness.session.ledger import read_ledger

Texts = Mapping[str, set[str]]
"""Id of an entry -> ids of cases."""


def widths_in(runs: Sequence[Run], ledger: Sequence[KnownIssue]) -> tuple[Texts, Texts]:
    """Return the forced texts that each entry is about under a cut that came, and those that showed it."""
    about, shown = defaultdict(set), defaultdict(set)
    for run in runs:
        tags = {case.id: tags_of(case) for case in load_cases(dialect=run.header.dialect)}
        for answer in _forced_answers(run):
            for name in answer.known_issues:
                shown[name].add(answer.case)
            place = _place(run.header, answer, tags.get(answer.case, frozenset()))
            for issue in ledger:
                if answer.case not in about[issue.id] and is_about(issue, place):
                    about[issue.id].add(answer.case)
    return about, shown


def _forced_answers(run: Run) -> Iterator[JudgedAnswer]:
    for outcome in run.outcomes:
        yield from (answer for answer in outcome.answers if answer.cut is not None)


def _place(header: Header, answer: JudgedAnswer, tags: frozenset[str]) -> Place:
    return Place(header.ledger_version, header.parser, answer.mode, tags, answer.cut_tags, answer.case)


def main() -> None:
    """Print a line an entry, the widest first."""
    ledger = read_ledger()
    about, shown = widths_in([read_run(Path(word)) for word in sys.argv[1:]], ledger)
    unseen = {issue.id: about[issue.id] - shown[issue.id] for issue in ledger}
    for name, texts in sorted(unseen.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        if texts:
            print(f"{len(texts):4} of {len(about[name]):4}  {name}: {', '.join(sorted(texts))}")
    print(f"{sum(map(len, unseen.values())):4} of {sum(map(len, about.values())):4}  all entries together")


if __name__ == "__main__":
    main()
