"""A failure's text: once for each finding, by the shortest exchange, with the frames around the damage."""

from dataclasses import replace

from tests.harness.core.records.case import ExpectedCall
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.judging.judge import Judge
from tests.harness.report.evidence import Rerun, failure_text, findings_text
from tests.selftest.faulty_servers.correct import Answer
from tests.selftest.judging.checks.offline import answered, call, case_with

CASE = case_with(ExpectedCall("first", {"a": 1}), ExpectedCall("second", {"b": 2}))
RIGHT = Answer((call("first", {"a": 1}), call("second", {"b": 2})))
OURS = Rerun("process:0.32.0[arg=--x=y z]", "http://127.0.0.1:1", managed=True)
ITEM = "tests/live/test_forced.py::test_forced[label-made-up-stream]"


def failure(split: str, answer: Answer) -> str:
    context = replace(answered(CASE, answer), split=split)
    known = RecordedAnswer(context.exchange, context.reply)
    return failure_text([judged(split, answer)], OURS, ITEM, lambda name: known if name else None)


def judged(split: str, answer: Answer) -> JudgedAnswer:
    return Judge((), "0.32.0").judge(replace(answered(CASE, answer), split=split))


def test_a_finding_is_told_once_with_all_its_splits() -> None:
    damaged = [judged(split, RIGHT.with_arguments(1, '{"b": 2}{"b": 2}')) for split in ("char", "every-3")]
    text = findings_text(damaged)
    assert text.count("arguments-json/glued-twice") == 1
    assert "splits     char, every-3" in text


def test_the_frames_around_the_damage_are_shown() -> None:
    text = failure("char", RIGHT.with_name(1, "third"))
    before, mark, after = (line for line in text.splitlines() if " event " in line)
    assert mark.startswith("  > event")
    assert '"name": "third"' in mark
    assert [line[:9] for line in (before, after)] == ["    event"] * 2


def test_a_depth_is_said_where_it_is_not_the_default() -> None:
    assert "--depth" not in OURS.command(ITEM)
    assert " --depth full -k " in replace(OURS, depth="full").command(ITEM)


def test_both_ways_to_see_it_again_can_be_pasted() -> None:
    text = failure("char", RIGHT.with_name(1, "third"))
    assert (
        "again      pytest --target 'process:0.32.0[arg=--x=y z]' -k 'test_forced[label-made-up-stream]'"
        in text
    )
    assert "by hand    run with --keep" in text
    assert "by hand    curl -sN http://127.0.0.1:1/v1/chat/completions" in text
