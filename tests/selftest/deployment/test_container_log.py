"""A container's log on its way to the file: whole lines, no secrets. No Docker engine is needed."""

import pytest

from tests.harness.deployment.container_log import lines_of, masked


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_lines_are_whole_however_the_stream_is_cut(size: int) -> None:
    stream = b"one\n\nthe key is s3cr3t-value\r\nlast"
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert list(lines_of(pieces)) == [b"one\n", b"\n", b"the key is s3cr3t-value\r\n", b"last\n"]


def test_each_secret_is_masked_wherever_it_stands() -> None:
    assert masked(b"a=KEY b=TOKEN KEYKEY\n", ["KEY", "TOKEN"]) == b"a=*** b=*** ******\n"
