"""What the page says of a run without a script: how its server was got, and the parser that is judged."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.core.records.basis import Basis
from tests.harness.core.records.run import Run
from tests.harness.core.records.verdict import Verdict
from tests.harness.report.html.render import render
from tests.harness.report.run_report import RunReport
from tests.selftest.gate.runs import HEADER


def page_of(**facts: object) -> str:
    run = Run(Path("run"), replace(HEADER, **facts), (), None)  # type: ignore[arg-type]
    return render([RunReport(run, Basis(), Verdict("GO", ()), lambda _: None, lambda _: [])], "now")


@pytest.mark.parametrize(("assumed", "words"), [(True, "hermes (assumed)"), (False, "hermes")])
def test_the_parser_that_is_judged_is_shown_and_whether_it_was_assumed(assumed: bool, words: str) -> None:
    page = page_of(provider="http", parser="hermes", parser_assumed=assumed)
    assert f" · parser {words} · " in page
    assert f"<dt>parser</dt><dd>{words}</dd>" in page
    assert "<dt>provider</dt><dd>http</dd>" in page


def test_a_run_that_does_not_say_its_parser_shows_none() -> None:
    page = page_of()
    assert "· parser" not in page
    assert "<dt>parser</dt>" not in page
    assert "<dt>provider</dt>" not in page
