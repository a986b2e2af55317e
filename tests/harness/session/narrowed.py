"""Whether a session was asked for a part of the tests, in whatever words: its verdict speaks of that part alone."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

_LIVE = Path(__file__).parents[2] / "live"


def is_narrowed(config: pytest.Config) -> bool:
    """Return whether the user named other test paths than all there are."""
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    return named and {arg.rstrip("/") for arg in config.args} != set(config.getini("testpaths"))


def lacks_tests(items: Iterable[pytest.Item]) -> bool:
    """Return whether a test was not collected at all: its file ignored, not looked at, or not taken for one of tests.

    `items` are those before any filter: what a filter leaves out, it says itself.
    """
    collected = {(item.path, getattr(item, "originalname", "")) for item in items}
    return not _live_tests() <= collected


@cache
def _live_tests() -> frozenset[tuple[Path, str]]:
    """Return file and name of each test function, as it is written: nothing has to be imported."""
    return frozenset(
        (path, node.name)
        for path in _LIVE.glob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
