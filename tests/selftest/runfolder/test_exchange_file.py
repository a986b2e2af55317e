import base64
import json
import random
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.exchange import Exchange, Frame
from tests.harness.runfolder.exchange_file import TruncatedRecording, load, load_at, save
from tests.selftest.recording.samples import exchange


def saved(folder: Path, *exchanges: Exchange) -> Path:
    path = folder / "exchanges.jsonl"
    for one in exchanges:
        save(path, one)
    return path


def test_random_bytes_come_back_as_they_were(tmp_path: Path) -> None:
    source = random.Random(3)
    pieces = [source.randbytes(source.randrange(300)) for _ in range(200)]
    pieces += [b"", b"\x00\r\n\x85", "\u2028\u2029\u0085é😀".encode(), b"\xed\xa0\x80", b'"\\u0000']
    one = exchange(*pieces, attempt=1)
    two = replace(exchange(attempt=2, status=None, error="ConnectError: \udc80 é\n"), request=b"\xff{}")
    path = saved(tmp_path, one, two)
    assert list(load(path)) == [one, two]
    assert path.read_bytes().count(b"\n") == 2


def test_text_stays_readable(tmp_path: Path) -> None:
    line = saved(tmp_path, exchange("data: é\n\n".encode(), b"\xc3")).read_text("utf-8")
    assert '[1.0,"data: é\\n\\n"]' in line
    assert json.loads(line)["frames"][1] == [2.0, {"base64": base64.b64encode(b"\xc3").decode()}]


def test_times_come_back_exactly(tmp_path: Path) -> None:
    one = replace(exchange(), frames=(Frame(0.1 + 0.2, b"x"),), sent_at=1791234567.123457)
    assert list(load(saved(tmp_path, one))) == [one]


def test_open_stream_is_flushed_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with path.open("wb") as file:
        save(file, exchange())
        assert list(load(path)) == [exchange()]
    buffer = BytesIO()
    save(buffer, exchange())
    assert buffer.getvalue() == path.read_bytes()


def test_killed_run_is_readable_up_to_the_cut(tmp_path: Path) -> None:
    path = saved(tmp_path, exchange(), exchange(attempt=1))
    path.write_bytes(path.read_bytes()[:-5])
    found = load(path)
    assert next(found) == exchange()
    with pytest.raises(TruncatedRecording, match=r"exchanges\.jsonl:2: .*cut off"):
        next(found)
    with pytest.raises(TruncatedRecording, match=r"exchanges\.jsonl"):
        save(path, exchange(attempt=2))


def test_key_comes_once(tmp_path: Path) -> None:
    path = saved(tmp_path, exchange(), exchange(attempt=1), exchange(b"other"))
    with pytest.raises(UsageProblem, match=r"exchanges\.jsonl:3: the key of line 1 again: .*case"):
        list(load(path))


def test_another_request_is_another_key(tmp_path: Path) -> None:
    other = replace(exchange(), key=replace(exchange().key, request_sha256="f" * 64))
    assert len(list(load(saved(tmp_path, exchange(), other)))) == 2


def damaged() -> dict[str, bytes]:
    buffer = BytesIO()
    save(buffer, exchange(b"x"))
    good = json.loads(buffer.getvalue())
    odd = {
        "other-fields": {"header": 1},
        "missing-field": {name: value for name, value in good.items() if name != "status"},
        "extra-field": {**good, "new": 1},
        "frames-text": {**good, "frames": "x"},
        "frame-number": {**good, "frames": [[1.0, 5]]},
        "frame-single": {**good, "frames": [1.0]},
        "bad-base64": {**good, "request": {"base64": "!"}},
        "status-text": {**good, "status": "200"},
        "key-list": {**good, "key": []},
        "attempt-text": {**good, "key": {**good["key"], "attempt": "1"}},
        "array": [],
    }
    lines = {name: json.dumps(value).encode() for name, value in odd.items()}
    return {**lines, "no-json": b"hello", "empty": b"", "no-utf8": b"\xff", "deep": b"[" * 100_000}


@pytest.mark.parametrize(("name", "line"), damaged().items(), ids=list(damaged()))
def test_foreign_line_is_named(tmp_path: Path, name: str, line: bytes) -> None:
    path = saved(tmp_path, exchange())
    with path.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(UsageProblem, match=r"exchanges\.jsonl:2: not a recorded exchange"):
        list(load(path))


def test_each_exchange_is_found_again_at_its_offset(tmp_path: Path) -> None:
    path = tmp_path / "exchanges.jsonl"
    recorded = [exchange("é".encode() * number, b"\xff", attempt=number) for number in range(5)]
    offsets = [save(path, one) for one in recorded]
    assert [load_at(path, offset) for offset in reversed(offsets)] == recorded[::-1]
