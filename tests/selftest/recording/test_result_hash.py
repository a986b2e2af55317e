import pytest

from tests.harness.recording.assemble import read_reply
from tests.harness.recording.result_hash import result_hash
from tests.selftest.recording.samples import DONE, delta, exchange
from tests.selftest.scripted import sse


def result(*chunks: bytes, status: int = 200, error: str | None = None) -> str:
    recorded = exchange(*chunks, DONE, status=status, error=error)
    return result_hash(recorded, read_reply(recorded, streamed=True))


def call(arguments: str, id_: str = "call_1") -> bytes:
    function = {"name": "add", "arguments": arguments}
    return sse(delta(tool_calls=[{"index": 0, "id": id_, "type": "function", "function": function}]))


def piece(arguments: str) -> bytes:
    return sse(delta(tool_calls=[{"index": 0, "function": {"arguments": arguments}}]))


def test_ids_and_cuts_do_not_count() -> None:
    assert result(call('{"a": 1}')) == result(call('{"a"', "call_2"), piece(": 1}"))


@pytest.mark.parametrize(
    "other",
    [
        result(call('{"a": 2}')),
        result(call('{"a":1}')),
        result(call('{"a": 1}'), sse(delta(content="x"))),
        result(call('{"a": 1}'), status=500),
        result(call('{"a": 1}'), error="ReadError"),
        result(),
    ],
)
def test_what_a_program_can_tell_apart_counts(other: str) -> None:
    assert other != result(call('{"a": 1}'))
