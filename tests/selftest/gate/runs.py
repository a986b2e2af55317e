"""Runs made up of a few answers, to be compared."""

from dataclasses import dataclass, replace
from pathlib import Path

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.known_issue import KnownIssue, Shows, Strength
from tests.harness.core.records.outcome import Cell, Judgement, Outcome, Result
from tests.harness.core.records.run import Footer, Header, Run

HEADER = Header(
    schema=2, started="2026-11-23T00:00:00+00:00", label="b", target="process:0.32.0", profile="fixture",
    depth="default", suite_version="0.1.0", suite_commit="", cases="c1", vllm_version="0.32.0", model="m",
    revision="", origin="o", command="",
)  # fmt: skip


@dataclass(frozen=True)
class Saw:
    """One answer: its findings, each `check/symptom` or `check/symptom=issue`, and the hash of its result."""

    findings: tuple[str, ...] = ()
    result: str = "r"
    split: str = "char"
    round: int = 1
    covered: tuple[str, ...] = ()


def issue(name: str, strength: Strength = "may") -> KnownIssue:
    return KnownIssue(
        id=name, versions=">=0.23.0", parsers=("xlam",), modes=("stream",), splits=("char",), tags=(),
        shows=(Shows("content", ("leak",)),), strength=strength, harm="wrong-call", why="w", upstream="unreported",
        last_seen="0.32.0", source="tests/known_issues/x.toml",
    )  # fmt: skip


def outcome(
    label: str, *saw: Saw, item: str = "one-call-stream", note: str = "", result: Result | None = None
) -> Outcome:
    judgements = tuple(_judgement(name, entry) for entry in saw for name in entry.findings)
    cells = tuple(Cell(entry.split, entry.round, "", entry.result, entry.covered) for entry in saw)
    plain: Result = "failed" if judgements else ("passed" if cells else "not-applicable")
    name = f"tests/live/t.py::test_x[{label}-{item}]"
    return Outcome(name, label, "one-call", "stream", result or plain, judgements, cells, note=note)


def run(label: str, *outcomes: Outcome, **header: str) -> Run:
    footer = Footer("", "GO", "", (), len(outcomes))
    return Run(Path(label), replace(HEADER, label=label, **header), outcomes, footer)  # type: ignore[arg-type]


def _judgement(name: str, entry: Saw) -> Judgement:
    full, _, known = name.partition("=")
    check, _, symptom = full.partition("/")
    finding = Finding(check, symptom, "wrong")
    return Judgement(finding, "one-call", "stream", entry.split, entry.round, known or None)
