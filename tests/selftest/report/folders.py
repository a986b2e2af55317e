"""Run folders made up for the reports: what a session would have written, hostile texts among it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from tests.harness.core.records.case import Case, ExpectedCall, Mode
from tests.harness.core.records.exchange import Exchange, Frame
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.core.records.outcome import Outcome, Result
from tests.harness.core.records.run import Footer
from tests.harness.core.records.verdict import Word
from tests.harness.judging.judge import Judge
from tests.harness.runfolder.basis import basis_of, write_basis
from tests.harness.runfolder.exchange_file import save
from tests.harness.runfolder.write import add_outcome, begin_run, end_run
from tests.selftest.faulty_servers.correct import Answer
from tests.selftest.gate.runs import HEADER, issue
from tests.selftest.judging.checks.offline import answered, call, case_with

HOSTILE = (
    "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>\u2028\u202e\x00\x1b[31m\"'&"
)
KNOWN = replace(issue("sent-twice"), upstream="https://example.org/1?a=1&b=2", why="Sent twice.")
SPLITS = ("natural", "char", "every-2")


@dataclass(frozen=True)
class Shown:
    """One item: what arrives under each split, and what is known of its findings."""

    case: Case
    answers: tuple[Answer, ...]
    known: str | None = None
    mode: Mode = "stream"


def right(name: str, value: str = "a", topic: str = "forced-calls") -> Shown:
    case = replace(case_with(ExpectedCall("first", {"key": value})), id=name, topic=topic)
    return Shown(case, tuple(Answer((call("first", {"key": value}),)) for _ in SPLITS))


def broken(name: str, known: str | None = None, value: str = "a", topic: str = "forced-calls") -> Shown:
    """Right under natural tokens, its arguments twice under the other splits."""
    shown = right(name, value, topic)
    text = json.dumps({"key": value})
    twice = shown.answers[0].with_arguments(0, text + text)
    return replace(shown, answers=(shown.answers[0], twice, twice), known=known)


def many_causes(number: int, value: str = "a") -> list[Shown]:
    """Items of which each has a cause of its own: other brackets behind its arguments."""
    shown = right("item", value)
    ends = [end for end in map("".join, product("}]", repeat=5)) if "}}}" not in end and "]]]" not in end]
    items = []
    for place, end in enumerate(ends[:number]):
        wrong = shown.answers[0].with_arguments(0, json.dumps({"key": value}) + end)
        items.append(Shown(replace(shown.case, id=f"item-{place}"), (wrong,) * len(shown.answers)))
    return items


def folder_of(
    folder: Path,
    items: Sequence[Shown],
    word: Word | None = "NO-GO",
    issues: Sequence[KnownIssue] = (KNOWN,),
    extra: Sequence[Outcome] = (),
    **header: str,
) -> Path:
    """A run folder; without a word the session was killed."""
    folder.mkdir(parents=True, exist_ok=True)
    label = header.get("label", folder.name)
    begin_run(folder, replace(HEADER, **{"label": label, **header}))
    write_basis(folder, basis_of(list({item.case.id: item.case for item in items}.values()), issues))
    outcomes = [*(_outcome(folder, label, item) for item in items), *extra]
    for outcome in outcomes:
        add_outcome(folder, outcome)
    if word:
        reason = "nothing unexplained" if word == "GO" else "1 item with unexplained findings"
        end_run(folder, Footer("2026-11-23T00:01:00+00:00", word, reason, (), len(outcomes)))
    return folder


def _outcome(folder: Path, label: str, item: Shown) -> Outcome:
    answers = []
    for split, answer in zip(SPLITS, item.answers, strict=True):
        context = answered(item.case, answer, item.mode)
        exchange = _recorded(context.exchange, split)
        save(folder / "exchanges.jsonl", exchange)
        judged = Judge((), "0.32.0").judge(replace(context, split=split, exchange=exchange))
        known = tuple(replace(found, known_issue=item.known) for found in judged.findings)
        answers.append(replace(judged, result="r", findings=known))
    unexplained = any(answer.unexplained for answer in answers)
    found = any(answer.findings for answer in answers)
    result: Result = ("failed" if unexplained else "known") if found else "passed"
    name = f"tests/live/test_forced.py::test_forced[{label}-{item.case.id}-{item.mode}]"
    return Outcome(name, label, item.case.id, item.mode, result, tuple(answers))


def _recorded(exchange: Exchange, split: str) -> Exchange:
    """With a split of its own, and with times between its frames that can be told apart."""
    frames = tuple(
        Frame(round(0.05 + 0.01 * number, 6), frame.data) for number, frame in enumerate(exchange.frames)
    )
    return replace(
        exchange, key=replace(exchange.key, split=split), frames=frames, ended_at=frames[-1].at + 0.01
    )
