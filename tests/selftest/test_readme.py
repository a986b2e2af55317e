"""The numbers, options and defaults of the README, and the topics of CONTRIBUTING.md, are those of the code."""

import re

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.core.records.verdict import EXIT_STATUS
from tests.harness.options import add_options
from tests.harness.servers import auto
from tests.harness.servers.providers import container, http, process, wheel
from tests.selftest.fork_server import ROOT

TEXT = (ROOT / "README.md").read_text("utf-8")
OF_SELF_TESTS = {"--gpu-standin", "--gpu-standin-image"}
SWITCHES = {"--cache-info", "--cache-wipe"}
"""Nobody sets them in an environment."""


class Group:
    """Takes options in place of pytest's parser."""

    def __init__(self) -> None:
        self.variables: dict[str, str] = {}
        """Of each option; empty where its help names none."""

    def getgroup(self, *_: str) -> "Group":
        return self

    def addoption(self, name: str, help: str = "", **_: object) -> None:  # noqa: A002 - pytest's word
        found = re.search(r"\[\$(\w+)\]$", help)
        self.variables[name] = found[1] if found else ""


def section(title: str) -> str:
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_every_option_has_a_row_with_its_variable() -> None:
    group = Group()
    add_options(group)  # type: ignore[arg-type]
    rows = re.findall(r"^\| (`--[^|]*) \| ([^|]*)\|", section("Options"), re.MULTILINE)
    written = {
        name: variable
        for options, variables in rows
        for name in re.findall(r"--[\w-]+", options)
        for variable in re.findall(r"`(XLAM_GATE_\w+)`", variables) or [""]
    }
    known = {name: variable for name, variable in group.variables.items() if name not in OF_SELF_TESTS}
    assert written == {name: "" if name in SWITCHES else variable for name, variable in known.items()}


def test_the_numbers_of_forced_cases_are_true() -> None:
    depths = [case.depth for case in load_cases() if case.topic.startswith("forced-")]
    numbers = re.search(r"`default` \((\d+) forced cases in xLAM's dialect\), `full` \((\d+) more,", TEXT)
    assert numbers
    assert [int(number) for number in numbers.groups()] == [depths.count("default"), depths.count("full")]


def test_the_words_have_their_exit_statuses() -> None:
    rows = re.findall(r"^\| (GO|NO-GO|NO VERDICT) \| (\d+) \|", TEXT, re.MULTILINE)
    assert {word: int(status) for word, status in rows} == EXIT_STATUS


@pytest.mark.parametrize(
    ("said", "profiles"),
    [
        ("default of all but the next two", {p.DEFAULT_PROFILE for p in (container, process, wheel)}),
        ("default of `auto` where Docker has a GPU", {auto.GPU_PROFILE}),
        ("default of URLs", {http.DEFAULT_PROFILE}),
    ],
)
def test_a_target_takes_the_profile_that_is_said(said: str, profiles: set[str]) -> None:
    assert set(re.findall(rf"^\| `([\w-]+)` \({re.escape(said)}\) \|", TEXT, re.MULTILINE)) == profiles


def test_every_topic_of_a_case_file_is_in_the_recipe() -> None:
    recipe = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    patterns = {
        word
        for row in re.findall(r"^\| (`[^|]*`) \| `test_", recipe, re.MULTILINE)
        for word in re.findall(r"`([^`]*)`", row)
    }
    assert patterns
    asked = [re.compile(pattern.replace("*", ".+")) for pattern in patterns]
    assert {case.topic for case in load_cases() if not any(p.fullmatch(case.topic) for p in asked)} == set()
