"""`basis.json` of a run folder: what its answers were judged by, so that a report needs no case files and no ledger."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import jsonschema

from tests.harness.core.records.bad_request import BadRequest
from tests.harness.core.records.basis import BASIS_FILE, BASIS_SCHEMA, AskedCase, Basis, Defect
from tests.harness.core.records.case import Case, ExpectedCall, Reading
from tests.harness.core.records.errors import InfrastructureError, UsageProblem
from tests.harness.core.records.known_issue import KnownIssue

_SCHEMA = Path(__file__).with_name("basis.schema.json")


def basis_of(cases: Sequence[Case], issues: Sequence[KnownIssue], bad: Sequence[BadRequest] = ()) -> Basis:
    """Return what a report needs of the cases and of the ledger."""
    return Basis(
        (*map(_asked, cases), *map(_refused, bad)),
        tuple(map(_defect, issues)),
    )


def write_basis(folder: Path, basis: Basis) -> None:
    """Write the file. Raises InfrastructureError (the disk is full)."""
    path = folder / BASIS_FILE
    # ASCII: a lone half of a surrogate pair in a case survives.
    text = json.dumps({"schema": BASIS_SCHEMA, **asdict(basis)}, separators=(",", ":"))
    try:
        path.write_text(text + "\n", "ascii")
    except OSError as error:
        raise InfrastructureError(f"{path} cannot be written ({error.strerror})") from error


def read_basis(folder: Path) -> Basis:
    """Return the basis of a run, empty where there is no file. Raises UsageProblem for a damaged or foreign one."""
    path = folder / BASIS_FILE
    if not path.is_file():
        return Basis()
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageProblem(f"{path}: damaged: it cannot be read: {error}") from None
    if isinstance(data, dict) and data.get("schema", BASIS_SCHEMA) != BASIS_SCHEMA:
        raise UsageProblem(
            f"{path}: a file of version {data['schema']}, and this suite reads version {BASIS_SCHEMA}: record it again"
        )
    schema = json.loads(_SCHEMA.read_text("utf-8"))
    wrong = next(jsonschema.Draft202012Validator(schema).iter_errors(data), None)
    if wrong is not None:
        place = ".".join(map(str, wrong.absolute_path)) or "the file"
        raise UsageProblem(f"{path}: damaged: {place}: {wrong.message[:200]}")
    return Basis(tuple(map(_case_from, data["cases"])), tuple(Defect(**defect) for defect in data["defects"]))


def _asked(case: Case) -> AskedCase:
    mentions = case.follow_up.mentions if case.follow_up else ()
    return AskedCase(
        case.id,
        case.topic,
        case.why,
        case.calls,
        case.content,
        case.ambiguous or case.free_form,
        case.readings,
        mentions,
        case.cut,
        size=len(case.text or "".join(str(message.get("content", "")) for message in case.messages)),
    )


def _refused(bad: BadRequest) -> AskedCase:
    status = f"Status {bad.status}" if bad.status else "A status of 400 to 499"
    named = f" and an error that says {' or '.join(bad.names)}" if bad.names else " and an error in JSON"
    or_answer = f"; or an answer: {bad.may_accept}" if bad.may_accept else ""
    wanted = f"{status}{named}{or_answer}."
    size = len(bad.body or json.dumps(bad.set or {}))
    return AskedCase(bad.id, bad.topic, bad.why, (), None, None, (), (), None, wanted, size)


def _defect(issue: KnownIssue) -> Defect:
    return Defect(issue.id, issue.harm, issue.strength, issue.why, issue.users, issue.upstream)


def _case_from(data: dict[str, Any]) -> AskedCase:
    readings = tuple(Reading(_calls_from(reading), reading["content"]) for reading in data["readings"])
    calls, mentions = _calls_from(data), tuple(data["mentions"])
    return AskedCase(**{**data, "calls": calls, "readings": readings, "mentions": mentions})


def _calls_from(data: dict[str, Any]) -> tuple[ExpectedCall, ...]:
    return tuple(ExpectedCall(**call) for call in data["calls"])
