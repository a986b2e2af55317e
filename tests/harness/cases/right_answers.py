"""What a case file says is right: the calls and the text, or each of the readings of a text that has several."""

import json
from pathlib import Path
from typing import Any

from tests.harness.core.records.case import ExpectedCall, Reading
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.toml_files import parse_json


def read_calls(entry: dict[str, Any], case: str, path: Path) -> tuple[ExpectedCall, ...]:
    """Return the calls that a case, or one of its readings, names. Raises UsageProblem for arguments of no object."""
    return tuple(_call(call, case, path) for call in entry.get("calls", ()))


def readings_of(entry: dict[str, Any], text: str | None, path: Path) -> tuple[Reading, ...]:
    """Return the right answers of an ambiguous case; none for another one.

    What the case itself says holds for all of them; each says the rest. Raises UsageProblem where something is said
    twice, or is not said at all.
    """
    place = f'{path}: case "{entry["id"]}"'
    _require_one_way(entry, place)
    if "ambiguous" not in entry:
        return ()
    if text is None:
        raise UsageProblem(f"{place}, field ambiguous: only a forced text can be ambiguous")
    readings = tuple(_reading(entry, reading, text, path) for reading in entry["readings"])
    if len(set(map(_said, readings))) < len(readings):
        raise UsageProblem(f"{place}, field readings: two of them are the same")
    return readings


def _said(reading: Reading) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    return reading.content, tuple((call.name, call.text) for call in reading.calls)


def _require_one_way(entry: dict[str, Any], place: str) -> None:
    """Raise UsageProblem unless a case says in one way what is right."""
    if ("ambiguous" in entry) != ("readings" in entry):
        raise UsageProblem(
            f"{place}: ambiguous (why several answers are right) and readings (which) go together"
        )
    if ("ambiguous" in entry or "calls" in entry) == ("free_form" in entry):
        raise UsageProblem(
            f"{place}: either calls (what is right) or ambiguous (why several answers are) or free_form (why the model"
            " is free) is wanted"
        )


def _reading(entry: dict[str, Any], reading: dict[str, Any], text: str, path: Path) -> Reading:
    place = f'{path}: case "{entry["id"]}", field readings'
    as_text = {"calls": [], "content": text} if "as_text" in reading else {}
    own = {name: value for name, value in reading.items() if name != "as_text"}
    twice = own.keys() & as_text.keys() | (own.keys() | as_text.keys()) & entry.keys()
    if twice:
        raise UsageProblem(f"{place}: {' and '.join(sorted(twice))}: said twice")
    said = {**entry, **as_text, **own}
    if "calls" not in said:
        raise UsageProblem(f"{place}: calls are wanted, in each of them or once for all; [] stands for none")
    return Reading(read_calls(said, entry["id"], path), said.get("content") or None)


def _call(call: dict[str, str], case: str, path: Path) -> ExpectedCall:
    if "verbatim" in call:
        return ExpectedCall(call["name"], {}, call["verbatim"])
    place = f'case "{case}", arguments of {call["name"]}'
    arguments = parse_json(call["arguments"], path, place)
    if not isinstance(arguments, dict):
        raise UsageProblem(f"{path}: {place}: a JSON object is wanted, not {json.dumps(arguments)}")
    return ExpectedCall(call["name"], arguments, written=call["arguments"])
