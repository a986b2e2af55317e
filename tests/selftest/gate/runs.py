"""Runs made up of a few answers, to be compared."""

from dataclasses import dataclass, replace
from pathlib import Path

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import ExplainedFinding, Intermittent, JudgedAnswer
from tests.harness.core.records.known_issue import KnownIssue, Shows, Strength
from tests.harness.core.records.outcome import Outcome, Result
from tests.harness.core.records.run import Footer, Header, Run

HEADER = Header(
    schema=4, started="2026-11-23T00:00:00+00:00", label="b", target="process:0.32.0", profile="fixture",
    depth="default", suite_version="0.1.0", suite_commit="", cases="c1", vllm_version="0.32.0", model="m",
    revision="", origin="o", command="",
)  # fmt: skip


@dataclass(frozen=True)
class Saw:
    """One answer: its findings, each `check/symptom` or `check/symptom=issue`, and the hash of its result."""

    findings: tuple[str, ...] = ()
    result: str = "r"
    split: str = "char"
    cut: tuple[int, ...] | None = None
    turn: int = 1
    covered: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    intermittent: tuple[str, ...] = ()


def issue(name: str, strength: Strength = "may") -> KnownIssue:
    return KnownIssue(
        id=name, versions=">=0.23.0", parsers=("xlam",), modes=("stream",), cuts=(), tags=(),
        shows=(Shows("content", ("leak",)),), strength=strength, harm="wrong-call", why="w",
        users="streamed arguments arrive twice", upstream="unreported", last_seen="0.32.0",
        source="tests/known_issues/x.toml",
    )  # fmt: skip


def outcome(
    label: str, *saw: Saw, item: str = "one-call-stream", note: str = "", result: Result | None = None
) -> Outcome:
    answers = tuple(map(_answer, saw))
    found = any(answer.findings for answer in answers)
    plain: Result = "failed" if found else ("passed" if answers else "not-applicable")
    name = f"tests/live/t.py::test_x[{label}-{item}]"
    return Outcome(name, label, "one-call", "stream", result or plain, answers, note=note)


def run(label: str, *outcomes: Outcome, **header: str) -> Run:
    footer = Footer("", "GO", "", (), len(outcomes))
    return Run(Path(label), replace(HEADER, label=label, **header), outcomes, footer)  # type: ignore[arg-type]


def _answer(saw: Saw) -> JudgedAnswer:
    return JudgedAnswer(
        "one-call",
        "stream",
        saw.split,
        saw.turn,
        "",
        saw.result,
        tuple(map(explained, saw.findings)),
        must_due=saw.due,
        must_covering=saw.covered,
        cut=saw.cut,
        intermittent=tuple(Intermittent(name, "1 of 2 times") for name in saw.intermittent),
    )


def explained(name: str) -> ExplainedFinding:
    """Return the finding of `check/symptom`, or of `check/symptom=issue`, which explains it."""
    full, _, known = name.partition("=")
    check, _, symptom = full.partition("/")
    return ExplainedFinding(Finding(check, symptom, "wrong"), known or None)
