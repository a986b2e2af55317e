"""Where deployments speak different dialects, each item gets the case as its own says it, or is not there."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.cases.load import read_cases
from tests.harness.core.records.case import Case
from tests.harness.core.records.profile import Profile
from tests.harness.session.said_cases import SaidCase, in_its_dialect, said_cases
from tests.selftest.cases.dialects.lines import LINES
from tests.selftest.jobs import session

CASE = Case("made-up", "self-test", "xlam", "made up for a self-test", (), (), ())


def said(dialect: str, *ids: str) -> list[Case]:
    return [replace(CASE, id=id_, dialect=dialect) for id_ in ids]


def deployment(dialect: str) -> Any:
    syntax = LINES.syntax if dialect == "lines" else dialect_named(dialect).syntax
    return SimpleNamespace(profile=Profile("p", "m", "any", "for a self-test", syntax=syntax))


def test_cases_stand_in_the_order_in_which_the_dialects_have_them() -> None:
    found = said_cases({"xlam": said("xlam", "a", "b"), "lines": said("lines", "c", "b", "d")})
    assert [case.id for case in found] == ["a", "b", "c", "d"]
    assert [list(case.by_dialect) for case in found] == [["xlam"], ["xlam", "lines"], ["lines"], ["lines"]]
    assert all(one.id == case.id for case in found for one in case.by_dialect.values())
    assert all(one.dialect == name for case in found for name, one in case.by_dialect.items())


def test_one_dialect_s_cases_are_all_there_as_they_are() -> None:
    cases = said("xlam", "b", "a")
    assert [case.any for case in said_cases({"xlam": cases})] == cases
    assert said_cases({"xlam": [], "lines": []}) == []


def test_an_item_gets_the_case_as_its_deployment_says_it() -> None:
    (both,) = said_cases({"xlam": said("xlam", "a"), "lines": said("lines", "a")})
    for name in ("xlam", "lines"):
        params = {"case": both, "deployment": deployment(name), "mode": "stream"}
        assert in_its_dialect(params) == {**params, "case": both.by_dialect[name]}
        assert params["case"] is both


def test_an_item_whose_dialect_does_not_say_the_case_has_none() -> None:
    alone = SaidCase("a", {"xlam": CASE})
    assert in_its_dialect({"case": alone, "deployment": deployment("lines")})["case"] is None


def test_parameters_without_a_said_case_stay_as_they_are() -> None:
    for params in ({"deployment": deployment("xlam")}, {"case": CASE}, {"case": None}, {}):
        assert in_its_dialect(params) == params


def test_a_session_drops_what_a_deployment_s_dialect_does_not_say() -> None:
    """One server for each of two dialects: neutral texts and questions are put to both, xLAM's texts to the one."""
    xlam, lines = "http://127.0.0.1:9", "http://127.0.0.1:9[parser=lines]"
    listed = session(
        *("-p", "tests.selftest.session.speaks_lines", "--collect-only", "-q"),
        *("--target", xlam, "--target", lines, "-k", "(test_query or test_forced) and stream"),
    )
    assert listed.returncode == 0, listed.stdout + listed.stderr
    ids = re.findall(r"\[http-127\.0\.0\.1-9-(\S+)-stream\]", listed.stdout)
    of_lines = [id_.removeprefix("lines-") for id_ in ids if id_.startswith("lines-")]
    of_xlam = [id_ for id_ in ids if not id_.startswith("lines-")]
    own = {case.id for case in read_cases() if case.dialect == "xlam"}
    assert {"no-tool-fits", "one-call", "plain-answer-in-many-scripts"} <= set(of_lines)
    assert len(own & set(of_xlam)) > 100
    assert of_lines == [id_ for id_ in of_xlam if id_ not in own]
