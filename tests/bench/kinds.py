"""What each kind of input showed: how many cases were asked, in how many a defect came, and which entries know it.

    python -m tests.bench.kinds RUN [RUN ...]

Reads run folders alone; a kind is what the cases have in common, by topic and tags.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.harness.cases.bad_requests import load_bad_requests
from tests.harness.cases.load import load_cases
from tests.harness.cases.tags import tags_of
from tests.harness.core.records.bad_request import BadRequest
from tests.harness.core.records.case import Case
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.run import Run
from tests.harness.runfolder.read import read_run

Holds = Callable[[Case, str], bool]
"""Of a case and the function of the test that asked it."""


def _of_topics(*topics: str) -> Holds:
    return lambda case, _: case.topic in topics


def _demanded_and_cut(case: Case, _: str) -> bool:
    tags = tags_of(case)
    return "ends-early" in tags and bool(tags & {"tool-choice=required", "tool-choice=named"})


KINDS: Mapping[str, Holds] = {
    "fields sent as null": lambda case, _: any(tag.startswith("null=") for tag in tags_of(case)),
    "values that readers disagree about": _of_topics("forced-values", "forced-deep"),
    "a bad call beside good ones": _of_topics("forced-bad-calls"),
    "what surrounds a call": _of_topics("forced-around"),
    "a demanded call that is cut": _demanded_and_cut,
    "messages in its own words": _of_topics("messages"),
    "responses in its own words": _of_topics("responses"),
    "batch": _of_topics("batch"),
    "contract at other addresses": lambda _, test: test == "test_contract_at_address",
    "forced texts at other addresses": lambda _, test: test == "test_caller_forced",
    "counts": lambda _, test: test == "test_counts",
}


MISTAKES: Mapping[str, Callable[[BadRequest], bool]] = {
    "bad calls in a history": lambda bad: "bad-history-calls" in bad.tags,
    "mistakes at other addresses": lambda bad: (
        bad.topic in {"bad-messages", "bad-responses", "bad-addresses"}
    ),
}


def rows(run: Run) -> Iterator[tuple[str, int, int, list[str]]]:
    """Yield each kind, the cases that were asked, those in which something was wrong, and what knows it."""
    cases = {case.id: case for case in load_cases()}
    mistakes = {bad.id: bad for bad in load_bad_requests()}
    answers = [
        (outcome.item.rpartition("::")[2].partition("[")[0], answer)
        for outcome in run.outcomes
        for answer in outcome.answers
    ]
    of_cases = [(cases[answer.case], test, answer) for test, answer in answers if answer.case in cases]
    of_mistakes = [(mistakes[answer.case], answer) for _, answer in answers if answer.case in mistakes]
    for kind, holds in KINDS.items():
        yield kind, *_counted([answer for case, test, answer in of_cases if holds(case, test)])
    for kind, is_one in MISTAKES.items():
        yield kind, *_counted([answer for bad, answer in of_mistakes if is_one(bad)])


def _counted(answers: Sequence[JudgedAnswer]) -> tuple[int, int, list[str]]:
    wrong = [answer for answer in answers if answer.findings]
    known = {found.known_issue or "UNEXPLAINED" for answer in wrong for found in answer.findings}
    return len({answer.case for answer in answers}), len({answer.case for answer in wrong}), sorted(known)


def main(folders: list[str]) -> None:
    """Print a line a kind and run."""
    for folder in folders:
        print(folder)
        for kind, asked, wrong, known in rows(read_run(Path(folder))):
            print(f"  {kind:<36} {asked:>4} asked {wrong:>4} wrong  {', '.join(known)}")


if __name__ == "__main__":
    main(sys.argv[1:])
