"""Accepted outcomes, `tests/baselines/LABEL.toml`: what a run came to, one line an answer, readable as a diff."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import UNEXPLAINED, ExplainedFinding, JudgedAnswer
from tests.harness.core.records.outcome import Outcome, Result
from tests.harness.core.records.run import SCHEMA, Footer, Header, Run
from tests.harness.core.toml_files import read_toml
from tests.harness.gate.judged_answers import Item, items_of

_FACTS = ("label", "target", "profile", "depth", "cases", "vllm_version", "model", "revision")
"""Fields of the header that tell two baselines apart and are the same whenever a run is repeated."""
_SCHEMA_FILE = Path(__file__).with_name("accepted.schema.json")


def accepted_text(run: Run) -> str:
    """Return the file for a run: sorted, without times, machines and exchanges."""
    facts = [f"schema = {SCHEMA}", *(f"{name} = {_quoted(getattr(run.header, name))}" for name in _FACTS)]
    items = items_of(run.outcomes)
    blocks = ["\n".join(facts), *("\n".join(_block(items[name])) for name in sorted(items))]
    return (
        "# Accepted outcomes, written by --accept: split, turn, hash of the result, findings=known issues.\n\n"
        + ("\n\n".join(blocks) + "\n")
    )


def read_accepted(path: Path) -> Run:
    """Read a baseline from such a file. Raises UsageProblem (file, item, what is wrong)."""
    data = read_toml(path, _SCHEMA_FILE)
    if data["schema"] != SCHEMA:
        raise UsageProblem(f"{path}: a file of version {data['schema']}; this suite reads version {SCHEMA}")
    facts: dict[str, Any] = {name: data[name] for name in _FACTS}
    header = Header(SCHEMA, started="", suite_version="", suite_commit="", origin="", command="", **facts)
    outcomes = tuple(_outcome(entry, header.label, path) for entry in data.get("item", ()))
    return Run(path, header, outcomes, Footer("", "GO", "accepted", (), len(outcomes)))


def _block(item: Item) -> Iterator[str]:
    yield "[[item]]"
    yield f"name = {_quoted(item.name)}"
    yield f"case = {_quoted(item.case)}"
    yield f"mode = {_quoted(item.mode)}"
    if item.reasons and not item.answers:
        yield f"note = {_quoted('; '.join(item.reasons))}"
    if not item.answers:
        yield "answers = []"
        return
    yield "answers = ["
    yield from (f"  {_quoted(_line(answer))}," for answer in item.answers)
    yield "]"


def _line(answer: JudgedAnswer) -> str:
    names = (
        f"{name}={','.join(sorted(answer.explaining({name}) - {UNEXPLAINED}))}".rstrip("=")
        for name in sorted(answer.names)
    )
    return " ".join([answer.split, str(answer.turn), answer.result, *names])


def _quoted(text: str) -> str:
    """Return a TOML basic string; JSON writes the same, but for DEL."""
    return json.dumps(text).replace("\x7f", "\\u007F")


def _outcome(entry: dict[str, Any], label: str, path: Path) -> Outcome:
    place = f"{path}: item {entry['name']!r}"
    answers = tuple(_answer(line, entry, place) for line in entry["answers"])
    result: Result = "passed" if answers else "not-applicable"
    if any(answer.findings for answer in answers):
        result = "failed"
    return Outcome(
        item=entry["name"],
        deployment=label,
        case=entry["case"],
        mode=entry["mode"],
        result=result,
        answers=answers,
        note=entry.get("note", ""),
    )


def _answer(line: str, entry: dict[str, Any], place: str) -> JudgedAnswer:
    split, turn, result, *names = line.split(" ")
    if not all("/" in name for name in names):
        raise UsageProblem(
            f"{place}: answer {line!r}: a finding is written check/symptom, or check/symptom=known-issue"
        )
    findings = tuple(explained for name in names for explained in _findings(name))
    return JudgedAnswer(entry["case"], entry["mode"], split, int(turn), "", result, findings)


def _findings(text: str) -> Iterator[ExplainedFinding]:
    """Read `check/symptom=one,two`: the same finding, once a ledger entry that explained it."""
    name, _, issues = text.partition("=")
    check, _, symptom = name.partition("/")
    for issue in issues.split(","):
        yield ExplainedFinding(Finding(check, symptom, message=""), issue or None)
