"""Others beside a slow reader: how they failed is said, so that the ledger can tell one failure from another."""

from dataclasses import replace

from tests.harness.core.records.load import SlowRead, Stream
from tests.harness.judging.checks.load.slow_reader import judge_slow_read

RIGHT = Stream("secret", "", "", True, (), "secret", 0.1, (0.1,), 10.0, 1.0, None)
BROKEN = replace(RIGHT, broken="an error in the stream: list index out of range", holds=False)
EMPTY = replace(RIGHT, holds=False, arguments="")


def said_of(beside: list[Stream]) -> list[str]:
    read = SlowRead(text="text", done=True, error="", paused_s=3.0, bytes_after=10)
    return [finding.got for finding in judge_slow_read(read, "text", [RIGHT], beside)]


def test_how_the_first_failed_is_said() -> None:
    assert said_of([RIGHT, RIGHT]) == []
    assert said_of([RIGHT, BROKEN, EMPTY]) == [
        "1.0 s, 2 of 3 failed (an error in the stream: list index out of range); without it 1.0 s"
    ]
    assert said_of([EMPTY]) == ["1.0 s, 1 of 1 failed (without its own arguments); without it 1.0 s"]


def test_others_that_wait_have_not_failed() -> None:
    assert said_of([replace(RIGHT, took_s=9.0)]) == ["9.0 s, 0 of 1 failed; without it 1.0 s"]
