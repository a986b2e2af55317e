"""A failure's text: once for each finding, by the shortest exchange, with the frames around the damage."""

from dataclasses import replace

from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.case import ExpectedCall
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.judged import Judged
from tests.harness.judging.judge import Judge
from tests.harness.report.evidence import failure_text, findings_text
from tests.harness.servers.target_strings import parse_target
from tests.selftest.faulty_servers.correct import Answer
from tests.selftest.judging.checks.offline import answered, call, case_with

CASE = case_with(ExpectedCall("first", {"a": 1}), ExpectedCall("second", {"b": 2}))
RIGHT = Answer((call("first", {"a": 1}), call("second", {"b": 2})))
TARGET = parse_target("process:0.32.0[arg=--x=y z]")
OWNED = Deployment(
    "label", TARGET, load_profile("fixture"), "http://127.0.0.1:1", "m", "0.32.0", managed=True
)
ITEM = "tests/live/test_forced.py::test_forced[label-made-up-stream]"


def judged(split: str, answer: Answer) -> Judged:
    judge = Judge((), "0.32.0")
    context = replace(answered(CASE, answer), split=split)
    return judge.judged(context, judge.findings(context))


def test_a_finding_is_told_once_with_all_its_splits() -> None:
    damaged = [judged(split, RIGHT.with_arguments(1, '{"b": 2}{"b": 2}')) for split in ("char", "every-3")]
    text = findings_text(damaged)
    assert text.count("arguments-json/glued-twice") == 1
    assert "splits     char, every-3" in text


def test_the_frames_around_the_damage_are_shown() -> None:
    text = failure_text([judged("char", RIGHT.with_name(1, "third"))], OWNED, ITEM)
    before, mark, after = (line for line in text.splitlines() if " event " in line)
    assert mark.startswith("  > event")
    assert '"name": "third"' in mark
    assert [line[:9] for line in (before, after)] == ["    event"] * 2


def test_both_ways_to_see_it_again_can_be_pasted() -> None:
    text = failure_text([judged("char", RIGHT.with_name(1, "third"))], OWNED, ITEM)
    assert (
        "again      pytest --target 'process:0.32.0[arg=--x=y z]' -k 'test_forced and label-made-up-stream'"
        in text
    )
    assert "by hand    run with --keep" in text
    assert "by hand    curl -sN http://127.0.0.1:1/v1/chat/completions" in text
