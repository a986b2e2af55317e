"""A dialect is found by itself, and is asked for by its name or by a parser that reads it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.cases import dialects
from tests.harness.cases.dialects.registry import DEFAULT, dialect_named, dialect_read_by, known_dialects
from tests.harness.core.records.errors import UsageProblem
from tests.selftest.cases.dialects.lines import LINES

FRAME = {"__init__", "dialect", "registry"}
"""Modules that are no dialects."""


@pytest.fixture
def one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A module of a dialect beside ours, and one that is none."""
    (tmp_path / "found.py").write_text("from tests.selftest.cases.dialects.lines import LINES as DIALECT\n")
    (tmp_path / "helps.py").write_text("")
    monkeypatch.setattr(dialects, "__path__", [*dialects.__path__, str(tmp_path)])
    known_dialects.cache_clear()
    yield
    known_dialects.cache_clear()
    for name in ("found", "helps"):
        del sys.modules[f"{dialects.__name__}.{name}"]
        delattr(dialects, name)


@pytest.mark.usefixtures("one_more")
def test_a_module_is_a_dialect_by_lying_there() -> None:
    assert dialect_named("lines") is LINES
    assert dialect_read_by("lines-of-old") is LINES
    assert dialect_named("xlam").name == "xlam"


def test_each_module_of_ours_is_one_and_no_two_share_a_name() -> None:
    modules = {path.stem for path in Path(dialects.__path__[0]).glob("*.py")} - FRAME
    assert len(known_dialects()) == len(modules)
    assert all(dialect_named(name).name == name for name in known_dialects())


def test_a_parser_reads_one_dialect() -> None:
    parsers = [parser for dialect in known_dialects().values() for parser in dialect.parsers]
    assert len(parsers) == len(set(parsers))
    for dialect in known_dialects().values():
        assert [dialect_read_by(parser) for parser in dialect.parsers] == [dialect] * len(dialect.parsers)


def test_xlam_is_the_default_and_its_own_parser_s() -> None:
    assert (DEFAULT, dialect_read_by("xlam")) == ("xlam", dialect_named("xlam"))


def test_a_parser_that_no_dialect_names_reads_none_that_is_known() -> None:
    assert dialect_read_by("no-such-parser") is None
    assert dialect_read_by("") is None


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(
        UsageProblem, match=r"unknown dialect 'nope'; tests/harness/cases/dialects/ has .*xlam"
    ):
        dialect_named("nope")
