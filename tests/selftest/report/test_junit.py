"""JUnit XML: what the schemas of Jenkins and others have in common, and what a reader of a CI page sees."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.harness.core.records.outcome import Outcome
from tests.harness.session.rerender import rerender
from tests.selftest.jobs import job
from tests.selftest.report.folders import HOSTILE, broken, folder_of, right
from tests.selftest.talking_server import Talker, defect, talking

CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase", "system-out", "system-err"},
    "properties": {"property"},
    "property": set(),
    "testcase": {"skipped", "error", "failure", "system-out", "system-err"},
    "skipped": set(),
    "error": set(),
    "failure": set(),
    "system-out": set(),
}
"""Element -> what may stand in it: the xUnit schema of Jenkins; the others allow more."""
REQUIRED = {
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname"},
    "testcase": {"classname", "name", "time"},
    "property": {"name", "value"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message", "type"},
}
DEAD = Outcome(
    "tests/live/test_forced.py::test_forced[b-dead-stream]", "b", "dead", "stream", "infrastructure",
    note="the server died",
)  # fmt: skip
LEFT_OUT = Outcome(
    "tests/live/test_forced.py::test_forced[b-left-out-whole]", "b", "left-out", "whole", "not-applicable",
    note="no interval here",
)  # fmt: skip
ITEMS = [right("fine"), broken("bad"), broken("old", "sent-twice"), broken("hostile", None, HOSTILE)]


def wrongs(root: ET.Element) -> list[str]:
    """What the common schema refuses."""
    found = []
    for element in root.iter():
        strange = {child.tag for child in element} - CHILDREN.get(element.tag, set())
        lacking = REQUIRED.get(element.tag, set()) - set(element.attrib)
        found += [f"{element.tag} holds {name}" for name in strange]
        found += [f"{element.tag} lacks {name}" for name in lacking]
    for suite in root.iter("testsuite"):
        counts = {"tests": "testcase", "failures": "*/failure", "errors": "*/error", "skipped": "*/skipped"}
        found += [
            f"{name} is wrong"
            for name, path in counts.items()
            if int(suite.get(name, -1)) != len(suite.findall(path))
        ]
    return found


def parsed(folder: Path, before: Path | None = None) -> ET.Element:
    rerender([str(folder)], str(before) if before else None, None)
    return ET.fromstring((folder / "junit.xml").read_text("utf-8"))  # noqa: S314  our own file


def item_of(root: ET.Element, case: str) -> ET.Element:
    (found,) = [test for test in root.iter("testcase") if f"[{case}-" in test.get("name", "")]
    return found


@pytest.fixture
def root(tmp_path: Path) -> ET.Element:
    return parsed(folder_of(tmp_path / "b", ITEMS, extra=[DEAD, LEFT_OUT]))


def test_it_is_as_the_schemas_have_it(root: ET.Element) -> None:
    assert wrongs(root) == []


def test_a_wrong_file_would_be_noticed() -> None:
    text = "<testsuites><testsuite tests='2'><testcase name='a'><properties/></testcase></testsuite></testsuites>"
    found = wrongs(ET.fromstring(text))  # noqa: S314
    assert {"testcase holds properties", "testcase lacks classname", "tests is wrong"} <= set(found)


def test_a_failure_says_its_symptom_first_and_shows_the_frames(root: ET.Element) -> None:
    failure = item_of(root, "bad").find("failure")
    assert failure is not None
    assert failure.get("message", "").startswith("arguments-json/glued-twice: Call 0 (first) cannot be run")
    assert failure.get("type") == "arguments-json/glued-twice"
    assert "> event" in (failure.text or "")
    assert "again      pytest --target" in (failure.text or "")


def test_known_ones_are_skipped_with_their_findings(root: ET.Element) -> None:
    test = item_of(root, "old")
    skipped = test.find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "known: sent-twice"
    assert "arguments-json/glued-twice" in (test.findtext("system-out") or "")


def test_the_infrastructure_is_an_error_and_what_does_not_apply_is_skipped(root: ET.Element) -> None:
    error, skipped = item_of(root, "dead").find("error"), item_of(root, "left-out").find("skipped")
    assert error is not None
    assert skipped is not None
    assert [error.get("message"), skipped.get("message")] == ["the server died", "no interval here"]
    assert list(item_of(root, "fine")) == []


def test_the_suite_says_what_was_tested(root: ET.Element) -> None:
    facts = {entry.get("name"): entry.get("value") for entry in root.iter("property")}
    assert (facts["verdict"], facts["vllm_version"], facts["profile"]) == ("NO-GO", "0.32.0", "fixture")


def test_against_a_baseline_only_what_got_worse_fails(tmp_path: Path) -> None:
    before = folder_of(tmp_path / "a", [right("fine"), broken("bad"), right("new"), right("gone")])
    after = folder_of(tmp_path / "b", [right("fine"), broken("bad"), broken("new")])
    root = parsed(after, before)
    assert wrongs(root) == []
    failed = {
        test.get("name"): entry.get("message")
        for test in root.iter("testcase")
        for entry in test.iter("failure")
    }
    assert failed == {
        "test_forced[new-stream]": "regression: arguments-json/glued-twice",
        "test_forced[gone-stream]": "coverage: not in the candidate",
    }
    skipped = item_of(root, "bad").find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "shown, and let through; broken"


def test_pytest_s_own_file_says_the_symptom_first_and_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "pytest.xml"
    with talking(Talker(defect("duplicate_ids"))) as server:
        target = f"{server.url}[profile=fixture,model=scripted]"
        words = ("--target", target, "-k", "test_query and tokyo", f"--junit-xml={path}")
        gate = job(tmp_path / "runs", *words, XLAM_GATE_API_KEY="sk-very-secret")
    own = ET.fromstring(path.read_text("utf-8"))  # noqa: S314
    assert set(wrongs(own)) == {"failure lacks type"}, "pytest names no type; Jenkins does without"
    first = {entry.get("message", "").splitlines()[0] for entry in own.iter("failure")}
    assert first == {
        f"weather-tokyo-and-new-york [{mode}]: call-identity/duplicate-id" for mode in ("stream", "whole")
    }
    for written in (path, *gate.runs[0].iterdir()):
        assert "sk-very-secret" not in written.read_text("utf-8"), written


def test_what_xml_cannot_hold_is_written_out(root: ET.Element) -> None:
    text = item_of(root, "hostile").findtext("failure") or ""
    assert "</script>" in text
    assert not set(text) & {"\x00", "\x1b"}
