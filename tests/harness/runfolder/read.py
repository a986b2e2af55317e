"""Reads a run folder. Whatever is wrong with it is said in one sentence."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.run import RUN_FILE, SCHEMA, Footer, Header, Run
from tests.harness.runfolder.line_shape import shape_of

_SCHEMA = Path(__file__).with_name("run.schema.json")


def read_run(folder: Path) -> Run:
    """Return the run of a folder; one that was killed has no footer, and may lack the line that was being written.

    Raises UsageProblem for a folder that holds no run, one of a newer suite, or one that is damaged.
    """
    path = _run_file(folder)
    lines = list(_lines(path))
    header = _header(path, lines)
    footer: Footer | None = None
    outcomes: dict[str, Outcome] = {}
    for number, line in enumerate(lines[1:], start=2):
        kind = _checked(line, f"{path}:{number}")
        if footer is not None:
            raise UsageProblem(f"{path}:{number}: damaged: it goes on after its footer")
        if kind == "header":
            raise UsageProblem(f"{path}:{number}: damaged: a second header")
        if kind == "outcome":
            outcome = Outcome.from_data(line)
            outcomes.pop(outcome.item, None)  # a later phase of the same item stands for it
            outcomes[outcome.item] = outcome
        else:
            footer = Footer(**{**line, "stale": tuple(line["stale"])})
    if footer is not None and footer.outcomes != len(lines) - 2:
        raise UsageProblem(
            f"{path}: damaged: it holds {len(lines) - 2} outcomes, and its footer counts {footer.outcomes}"
        )
    return Run(
        folder, header, tuple(outcomes.values()), footer, partial=footer is not None and footer.partial
    )


def require_complete(run: Run, use: str) -> None:
    """Raise UsageProblem for a run that was killed: `use` is what it was to be, e.g. `a baseline`."""
    if run.footer is None:
        raise UsageProblem(
            f"{run.folder}: cannot be {use}: it is incomplete, its session was ended before its last line;"
            " record it again"
        )


def _run_file(folder: Path) -> Path:
    if not folder.is_dir():
        wrong = "is a file, no run folder" if folder.exists() else "no such folder"
        raise UsageProblem(f"{folder}: {wrong}; the line `run` under a verdict names a run's folder")
    path = folder / RUN_FILE
    if path.is_file():
        return path
    if not any(folder.iterdir()):
        raise UsageProblem(f"{folder}: the folder is empty: its session ended before anything was written")
    raise UsageProblem(
        f"{folder}: no run folder: it holds no {RUN_FILE}; the line `run` under a verdict names a run's folder"
    )


def _lines(path: Path) -> Iterator[Any]:
    """Yield every line as JSON, but for one that a killed session left half written at the end."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                yield json.loads(line)
            except (ValueError, RecursionError) as error:
                raise UsageProblem(f"{path}:{number}: damaged: not JSON: {error}") from None


def _header(path: Path, lines: list[Any]) -> Header:
    """Return the first line, which says what the file is."""
    first = lines[0] if lines else None
    if first is None:
        raise UsageProblem(f"{path}: the file is empty or cut off in its first line: its session was killed")
    if not isinstance(first, dict) or first.get("type") != "header" or "schema" not in first:
        raise UsageProblem(f"{path}:1: no run file of this suite: its first line is no header")
    if first["schema"] != SCHEMA:
        newer = isinstance(first["schema"], int) and first["schema"] > SCHEMA
        advice = "a newer suite wrote it, take that one" if newer else "record it again"
        raise UsageProblem(
            f"{path}: files of version {first['schema']}, and this suite reads version {SCHEMA}: {advice}"
        )
    _checked(first, f"{path}:1")
    lists = {name: tuple(first.get(name, ())) for name in ("not_judged", "allow")}
    return Header(**{**first, **lists})


def _checked(line: Any, place: str) -> str:
    """Take the type out of a line that is as its schema says, and return it."""
    kind = line.pop("type", None) if isinstance(line, dict) else None
    if kind not in {"header", "outcome", "footer"}:
        raise UsageProblem(f"{place}: damaged: neither header nor outcome nor footer")
    if not _is_right(kind, shape_of(line)):
        wrong = next(_validator(kind).iter_errors(line))
        field = ".".join(map(str, wrong.absolute_path)) or "the line"
        raise UsageProblem(f"{place}: damaged: {field}: {_short(wrong.message)}")
    return str(kind)


@cache
def _is_right(kind: str, shape: str) -> bool:
    return _validator(kind).is_valid(json.loads(shape))


@cache
def _validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(_SCHEMA.read_text("utf-8"))
    body = {key: value for key, value in schema["$defs"][kind].items() if key != "description"}
    properties = {name: rule for name, rule in body["properties"].items() if name != "type"}
    required = [name for name in body["required"] if name != "type"]
    return jsonschema.Draft202012Validator(
        {**body, "properties": properties, "required": required, "$defs": schema["$defs"]}
    )


def _short(text: str, longest: int = 200) -> str:
    return text if len(text) <= longest else f"{text[:longest]}..."
