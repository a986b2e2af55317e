"""Exchanges on disk: JSON lines that are only ever appended, so that a killed run can still be read."""

import base64
import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO

from tests.harness.core.atomic_append import write_whole
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.exchange import Exchange, ExchangeKey, Frame

_FIELDS = {field.name for field in fields(Exchange)}
_BEGINNING = b'{"key":'
_KEY_TYPES = {"case": str, "mode": str, "split": str, "attempt": int, "request_sha256": str}


class TruncatedRecording(UsageProblem):
    """The file ends in the middle of a line: its run was killed while it wrote."""


def save(target: Path | BinaryIO, exchange: Exchange) -> int:
    """Append an exchange to a file or an open binary stream, flushed before this returns; the offset in bytes.

    One writer a file. Bytes that are UTF-8 are written as text, others as `{"base64": ...}`.
    Raises TruncatedRecording if the file at a path ends in the middle of a line, and OSError (the disk is full) with
    the file as it was.
    """
    line = json.dumps(_to_json(exchange), ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair (in a message of the system, say) becomes `\udc80`, which JSON reads back.
    data = line.encode("utf-8", "backslashreplace") + b"\n"
    if isinstance(target, Path):
        with target.open("a+b", buffering=0) as file:
            _require_whole_lines(target, file)
            offset = file.seek(0, 2)
            write_whole(file, data)
    else:
        offset = target.tell()
        target.write(data)
        target.flush()
    return offset


def load_at(path: Path, offset: int) -> Exchange:
    """Return the exchange that `save` wrote at an offset."""
    with path.open("rb") as file:
        file.seek(offset)
        return _from_json(json.loads(file.readline()))


def load(path: Path) -> Iterator[Exchange]:
    """Yield the exchanges of a file in the order in which they were saved, byte for byte.

    Raises UsageProblem with file and line for a line that is no exchange or repeats a key, and
    TruncatedRecording for a last line without its end; what stands before them has been yielded by then.
    """
    seen: dict[ExchangeKey, int] = {}
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                raise TruncatedRecording(f"{path}:{number}: the line is cut off: its run was killed")
            try:
                exchange = _from_json(json.loads(line))
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                raise UsageProblem(f"{path}:{number}: not a recorded exchange: {error}") from error
            if exchange.key in seen:
                first = seen[exchange.key]
                raise UsageProblem(f"{path}:{number}: the key of line {first} again: {exchange.key}")
            seen[exchange.key] = number
            yield exchange


def index(path: Path) -> Iterator[tuple[ExchangeKey, int]]:
    """Yield key and offset of each exchange, the rest of its line unread, but for one that is half written.

    Raises UsageProblem with file and line for a line that does not begin as one, or that repeats a key.
    """
    seen: set[ExchangeKey] = set()
    offset = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            key = _key_of(line, f"{path}:{number}")
            if key in seen:
                raise UsageProblem(f"{path}:{number}: the key of an earlier line again: {key.name}")
            seen.add(key)
            yield key, offset
            offset += len(line)


def _key_of(line: bytes, place: str) -> ExchangeKey:
    """Return the key, with which every line begins."""
    try:
        _require(line.startswith(_BEGINNING), "it does not begin with its key")
        key, _ = json.JSONDecoder().raw_decode(line.decode("utf-8"), len(_BEGINNING))
        return _checked_key(key)
    except ValueError as error:
        raise UsageProblem(f"{place}: not a recorded exchange: {error}") from error


def _checked_key(key: Any) -> ExchangeKey:
    _require(isinstance(key, dict) and set(key) == set(_KEY_TYPES), "its key has other fields")
    _require(all(type(key[name]) is kind for name, kind in _KEY_TYPES.items()), "its key has wrong types")
    return ExchangeKey(**key)


def _require_whole_lines(path: Path, file: FileIO) -> None:
    if file.seek(0, 2) == 0:
        return
    file.seek(-1, 2)
    if file.read(1) != b"\n":
        raise TruncatedRecording(f"{path}: ends in the middle of a line; nothing can be appended")


def _to_json(exchange: Exchange) -> dict[str, Any]:
    frames = [[frame.at, _pack(frame.data)] for frame in exchange.frames]
    plain = {name: getattr(exchange, name) for name in _FIELDS - {"key", "request", "frames"}}
    ordered = {"key": asdict(exchange.key), "request": _pack(exchange.request), **plain, "frames": frames}
    return {field.name: ordered[field.name] for field in fields(Exchange)}


def _from_json(data: Any) -> Exchange:
    _require(isinstance(data, dict), "the line is not a JSON object")
    _require(set(data) == _FIELDS, f"its fields are {sorted(data)}")
    key = _checked_key(data["key"])
    for name, kinds in _PLAIN_TYPES.items():
        _require(type(data[name]) in kinds, f"{name} is {type(data[name]).__name__}")
    return Exchange(
        **{
            **data,
            "key": key,
            "request": _unpack(data["request"]),
            "headers": tuple((str(name), str(value)) for name, value in data["headers"]),
            "frames": tuple(Frame(float(at), _unpack(packed)) for at, packed in data["frames"]),
        }
    )


_PLAIN_TYPES: dict[str, tuple[type, ...]] = {
    "method": (str,),
    "path": (str,),
    "sent_at": (float, int),
    "status": (int, type(None)),
    "headers": (list,),
    "frames": (list,),
    "ended_at": (float, int),
    "error": (str, type(None)),
}


def _require(right: bool, otherwise: str) -> None:
    if not right:
        raise ValueError(otherwise)


def _pack(data: bytes) -> str | dict[str, str]:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}


def _unpack(packed: str | dict[str, str]) -> bytes:
    if isinstance(packed, str):
        return packed.encode("utf-8")
    return base64.b64decode(packed["base64"], validate=True)
