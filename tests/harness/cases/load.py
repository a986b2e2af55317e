"""The cases of `tests/cases/`: read, checked, and turned into records."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.harness.cases.dialects.registry import DEFAULT, dialect_named
from tests.harness.cases.in_dialect import ANY, CALLS, all_in_dialect
from tests.harness.cases.right_answers import read_calls, readings_of
from tests.harness.core.records.case import Case, FollowUp, RequestOptions
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.toml_files import parse_json, read_toml

CASES = Path(__file__).parents[2] / "cases"
PLACE, PLACE_OF_END = "@@", "@end@"
_SCHEMA = Path(__file__).with_name("case.schema.json")


def load_cases(folder: Path = CASES, dialect: str = DEFAULT) -> tuple[Case, ...]:
    """Return the cases of a folder that a dialect says, as it says them. Raises UsageProblem (file, case, field)."""
    return all_in_dialect(read_cases(folder), dialect_named(dialect)).cases


@cache
def own_cases() -> tuple[Case, ...]:
    """Return all cases of this suite as they are written, read once: a session and its ledger ask for them."""
    return read_cases()


def read_cases(folder: Path = CASES) -> tuple[Case, ...]:
    """Return all cases of a folder as they are written, in the order of files and entries.

    Raises UsageProblem (file, case, field).
    """
    tools = load_tools(folder / "tools.json")
    cases = [case for path in sorted(folder.glob("*.toml")) for case in _cases_of(path, tools)]
    seen: dict[str, Case] = {}
    for case in cases:
        if case.id in seen:
            raise UsageProblem(
                f'{case.source}: case "{case.id}", field id: {seen[case.id].source} has it already'
            )
        seen[case.id] = case
    return tuple(cases)


def load_tools(path: Path) -> dict[str, dict[str, Any]]:
    """Return tool definitions by name, in the form that the API takes."""
    try:
        entries = parse_json(path.read_text("utf-8"), path, "the file")
    except FileNotFoundError:
        raise UsageProblem(f"{path}: no such file") from None
    return {name: _tool(name, entry) for name, entry in entries.items()}


def _cases_of(path: Path, tools: dict[str, dict[str, Any]]) -> list[Case]:
    data = read_toml(path, _SCHEMA)
    data["case"] = [_filled(entry) for entry in data["case"]]
    defaults = data.get("defaults", {})
    return [
        case
        for entry in data["case"]
        for case in _with_nulls(
            _cut(_case({**defaults, **entry}, data, path, tools), entry.get("cut_at", ())), entry
        )
    ]


def _filled(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a text written out: `@@` stands for the filler's unit so many times, `@end@` for its counterpart."""
    if "filler" not in entry:
        return entry
    filler = entry["filler"]
    written = {PLACE: filler["unit"] * filler["times"], PLACE_OF_END: filler.get("end", "") * filler["times"]}
    return {name: _replaced(value, written) for name, value in entry.items() if name != "filler"}


def _replaced(value: Any, written: dict[str, str]) -> Any:
    match value:
        case str():
            for place, text in written.items():
                value = value.replace(place, text)
            return value
        case list():
            return [_replaced(below, written) for below in value]
        case dict():
            return {name: _replaced(below, written) for name, below in value.items()}
    return value


def _cut(case: Case, tenths: Sequence[int]) -> list[Case]:
    """Return one case for each place at which the text is to be cut, or the case as it is."""
    if tenths and not (case.text and _written_out(case).isascii()):
        raise UsageProblem(
            f'{case.source}: case "{case.id}", field cut_at: a forced text of ASCII is wanted, one token a character'
        )
    return [replace(case, id=f"{case.id}-cut-{tenth}", cut=tenth) for tenth in tenths] or [case]


def _written_out(case: Case) -> str:
    """Return what of a text no dialect leaves out: behind a place for calls their names and arguments, too."""
    calls = case.calls if CALLS in (case.text or "") else ()
    return "".join([case.text or "", *(f"{call.name}{call.text}" for call in calls)])


def _with_nulls(cases: list[Case], entry: dict[str, Any]) -> list[Case]:
    """Return one case for each field that is to be sent as null, or the cases as they are.

    A server that takes no null there says so, and names the field.
    """
    return (
        [
            replace(
                case,
                id=f"{case.id}-{field.replace('_', '-')}",
                request_options=replace(
                    case.request_options,
                    request={**case.request_options.request, field: None},
                    may_refuse=True,
                    refusal_names=field,
                ),
            )
            for case in cases
            for field in entry["nulls"]
        ]
        if "nulls" in entry
        else cases
    )


def _case(entry: dict[str, Any], file: dict[str, Any], path: Path, tools: dict[str, dict[str, Any]]) -> Case:
    names = entry.get("tools", [])
    for name in names:
        if name not in tools:
            raise UsageProblem(f'{path}: case "{entry["id"]}", field tools: no tool {name!r} in tools.json')
    place = f'{path}: case "{entry["id"]}"'
    own = _own_tools(entry, path)
    text = _text(entry, place, path)
    _require_calls(entry, text, place)
    readings = readings_of(entry, text, path)
    mentions = entry.get("mentions", entry.get("follow_up", {}).get("mentions"))
    return Case(
        id=entry["id"],
        topic=file["topic"],
        dialect=_dialect(entry, text, file, path),
        why=entry["why"],
        messages=_messages(entry, place, path),
        tools=(*(tools[name] for name in names), *own, *_spare(entry.get("spare_tools", 0))),
        calls=read_calls(entry, entry["id"], path),
        text=text,
        ambiguous=entry.get("ambiguous"),
        readings=readings,
        free_form=entry.get("free_form"),
        taught=entry.get("taught", True),
        request_options=_terms(entry),
        depth=file.get("depth", "default"),
        risk=file.get("risk", "none"),
        content=entry.get("content"),
        follow_up=FollowUp(tuple(mentions), entry.get("follow_up", {}).get("answer")) if mentions else None,
        upstream=entry.get("upstream"),
        source=str(path),
    )


def _require_calls(entry: dict[str, Any], text: str | None, place: str) -> None:
    """Raise UsageProblem where a text has a place for calls, and the case names none that could stand there."""
    if CALLS in (text or "") and not entry.get("calls"):
        raise UsageProblem(
            f"{place}, field text: {CALLS} stands for the calls of the case, and it names none"
        )


def _dialect(entry: dict[str, Any], text: str | None, file: dict[str, Any], path: Path) -> str:
    """Return the dialect that a text is in: any, where it is left to the model or has a place for the calls."""
    named = str(entry.get("dialect", file["dialect"]))
    if named != ANY:
        try:
            dialect_named(named)
        except UsageProblem as problem:
            raise UsageProblem(f'{path}: case "{entry["id"]}", field dialect: {problem}') from None
    is_free = text is None and "dialect" not in entry
    return ANY if is_free or CALLS in (text or "") else named


def _messages(entry: dict[str, Any], place: str, path: Path) -> tuple[dict[str, Any], ...]:
    """Return the conversation: the user's one message, or a whole one as JSON."""
    if "messages" in entry:
        messages = parse_json(entry["messages"], path, f'case "{entry["id"]}", field messages')
        if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
            raise UsageProblem(f"{place}, field messages: a JSON list of messages is wanted")
        return tuple(messages)
    if "user" not in entry:
        raise UsageProblem(f"{place}: field user is missing, and the file's defaults have none")
    return ({"role": "user", "content": entry["user"]},)


def _terms(entry: dict[str, Any]) -> RequestOptions:
    return RequestOptions(
        request=entry.get("request", {}),
        omit=tuple(entry.get("omit", ())),
        allowed_finish_reasons=tuple(entry.get("allowed_finish_reasons", ())),
        splits=tuple(entry.get("splits", ())),
        steered_text=entry.get("steered_text"),
        may_refuse=entry.get("may_refuse", False),
    )


def _spare(count: int) -> tuple[dict[str, Any], ...]:
    """Return tools that nobody needs, to make many."""
    return tuple(
        _tool(f"spare_{number}", {"parameters": {"type": "object"}}) for number in range(1, count + 1)
    )


def _tool(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, **entry}}


def _own_tools(entry: dict[str, Any], path: Path) -> tuple[dict[str, Any], ...]:
    """Return tools that only this case offers, in the form of tools.json."""
    place = f'case "{entry["id"]}", field own_tools'
    tools = parse_json(entry.get("own_tools", "{}"), path, place)
    if not isinstance(tools, dict) or not all(isinstance(below, dict) for below in tools.values()):
        raise UsageProblem(f"{path}: {place}: an object of tools by name is wanted, as tools.json has it")
    return tuple(_tool(name, below) for name, below in tools.items())


def _text(entry: dict[str, Any], place: str, path: Path) -> str | None:
    """Return the forced text, given as it is or as a JSON string; None for a natural case."""
    if "text" in entry and "text_json" in entry:
        raise UsageProblem(f"{place}: text and text_json are two ways to say one thing; give one")
    if "text_json" not in entry:
        return entry.get("text")
    text = parse_json(entry["text_json"], path, f'case "{entry["id"]}", field text_json')
    if not isinstance(text, str) or not text:
        raise UsageProblem(f"{place}, field text_json: a JSON string with something in it is wanted")
    return text
