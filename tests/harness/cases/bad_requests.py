"""The bad requests of `tests/cases/bad/`: read, checked, and turned into records."""

from pathlib import Path
from typing import Any

from tests.harness.core.records.bad_request import BadRequest
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.toml_files import parse_json, read_toml

BAD = Path(__file__).parents[2] / "cases" / "bad"
CHAT = "/v1/chat/completions"
_SCHEMA = Path(__file__).with_name("bad_request.schema.json")
_AS_WRITTEN = ("id", "why", "headers", "key", "status", "may_accept", "before_api", "risk")


def load_bad_requests(folder: Path = BAD) -> tuple[BadRequest, ...]:
    """Return all bad requests of a folder, by file and entry. Raises UsageProblem (file, request, field)."""
    paths: dict[str, Path] = {}
    requests = []
    for path in sorted(folder.glob("*.toml")):
        data = read_toml(path, _SCHEMA)
        for entry in data["request"]:
            if entry["id"] in paths:
                raise UsageProblem(
                    f'{path}: request "{entry["id"]}", field id: {paths[entry["id"]]} has it already'
                )
            paths[entry["id"]] = path
            requests.append(_bad_request({"path": data.get("path", CHAT), **entry}, data["topic"], path))
    return tuple(requests)


def _bad_request(entry: dict[str, Any], topic: str, path: Path) -> BadRequest:
    changes = (
        parse_json(entry["set"], path, f'request "{entry["id"]}", field set') if "set" in entry else None
    )
    if changes is not None and not isinstance(changes, dict):
        raise UsageProblem(f'{path}: request "{entry["id"]}", field set: a JSON object is wanted')
    body = entry["body"].encode() if "body" in entry else None
    return BadRequest(
        **{name: entry[name] for name in _AS_WRITTEN if name in entry},
        topic=topic,
        method=entry.get("method", "POST"),
        path=entry["path"],
        set=changes,
        remove=tuple(entry.get("remove", ())),
        body=bytes.fromhex(entry["bytes"]) if "bytes" in entry else body,
        filler=(entry["fill"], entry.get("end", ""), entry["times"]) if "fill" in entry else None,
        names=tuple(entry["field"].split("|")) if "field" in entry else (),
        tags=frozenset({f"bad={entry['id']}", f"path={entry['path']}", *entry.get("tags", ())}),
    )
