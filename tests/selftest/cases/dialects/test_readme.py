"""The README's table of dialects says what there is."""

import re

from tests.harness.cases.dialects.registry import known_dialects
from tests.harness.cases.load import load_cases
from tests.harness.judging.ledger.match import ANY_PARSER
from tests.harness.session.ledger import read_ledger
from tests.selftest.fork_server import ROOT

TEXT = (ROOT / "README.md").read_text("utf-8")
ISSUES = read_ledger()


def test_the_table_of_dialects_is_true() -> None:
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \| (\d+) \| (\d+) \| (\d+) \|", TEXT, re.MULTILINE)
    assert {name: (parsers, *map(int, counts)) for name, parsers, *counts in rows} == {
        name: (
            ", ".join(f"`{parser}`" for parser in dialect.parsers),
            len(load_cases(dialect=name)),
            sum(case.text is not None for case in load_cases(dialect=name)),
            sum(not set(dialect.parsers).isdisjoint(issue.parsers) for issue in ISSUES),
        )
        for name, dialect in known_dialects().items()
    }


def test_the_number_of_entries_for_any_parser_is_true() -> None:
    count = sum(ANY_PARSER in issue.parsers for issue in ISSUES)
    assert f"({count} entries more are of any parser" in TEXT
