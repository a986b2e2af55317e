"""However a session is asked for a part of the tests, its verdict says that it is about a part; of all it does not."""

from pathlib import Path

import pytest

from tests.harness.cases.dialects.registry import known_parsers
from tests.selftest.fork_server import ROOT
from tests.selftest.jobs import PARSER, job, session
from tests.selftest.talking_server import talking

TELLS = ("--collect-only", "-q", "-p", "tests.selftest.session.tells_partial")
LIVE = ROOT / "tests" / "live"
REST = [f"--ignore={path}" for path in sorted(LIVE.glob("test_*.py")) if path.name != "test_scenarios.py"]


def is_partial(*words: str, **env: str) -> bool:
    said = session(*TELLS, "--target", "http://127.0.0.1:9", *words, **env).stdout
    assert "partial: " in said, said
    return "partial: True" in said


@pytest.mark.parametrize(
    "words",
    [
        ("--ignore=tests/live/test_load.py",),
        ("--ignore-glob=*/test_l*.py",),
        ("-o", "python_files=test_s*.py"),
        ("-o", "python_functions=test_query"),
        ("-o", "testpaths=tests/live/test_scenarios.py"),
        ("-o", "testpaths=tests/live/test_scenarios.py", "tests/live/test_scenarios.py"),
        ("tests/live/test_scenarios.py",),
        ("-k", "test_scenarios"),
        ("--deselect", "tests/live/test_load.py"),
    ],
    ids=" ".join,
)
def test_a_part_is_one_whatever_the_words(words: tuple[str, ...]) -> None:
    assert is_partial(*words)


@pytest.mark.parametrize("words", [(), ("tests/live",), ("tests/live/",), ("--depth", "full")], ids=" ".join)
def test_all_is_no_part(words: tuple[str, ...]) -> None:
    assert not is_partial(*words)


@pytest.mark.parametrize("parser", known_parsers())
def test_all_that_a_dialect_has_words_for_is_no_part(parser: str) -> None:
    assert not is_partial(**{PARSER: parser})


@pytest.mark.parametrize("spread", [(), ("-n", "1")], ids=["alone", "with a worker"])
def test_the_verdict_says_so(spread: tuple[str, ...], tmp_path: Path) -> None:
    with talking() as server:
        ended = job(tmp_path, "--target", server.url, *REST, *spread)
    assert ended.status == 0, ended.said
    assert "\nGO (part) http://" in ended.said
