"""Which entries an answer has to show: none where an error took the place of what would have shown them."""

from dataclasses import replace

from tests.harness.core.records.case import ExpectedCall
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.known_issue import Shows
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.judge import Judge
from tests.selftest.faulty_servers.correct import Answer, Wire, chunks_of, stream_wire
from tests.selftest.judging.checks.offline import answered, call, case_with, subject_for
from tests.selftest.judging.ledger.entries import issue

CASE = case_with(ExpectedCall("first", {"a": 1}))
RIGHT = Answer((call("first", {"a": 1}),))
MUST = issue(strength="must")
BREAKS = issue(id="breaks", shows=(Shows("stream-frames", ("error-frame", "cut-off")),))


def judged(context: CheckContext) -> JudgedAnswer:
    return Judge([MUST, BREAKS], "0.32.0").judge(context)


def broken_off_by_an_error() -> CheckContext:
    begun = stream_wire(chunks_of(RIGHT, with_usage=True)).pieces[:2]
    frame = b'data: {"error": {"message": "list index out of range", "code": 500}}\n\n'
    return subject_for(CASE, Wire(200, "text/event-stream", (*begun, frame, b"data: [DONE]\n\n")), "stream")


def test_a_complete_answer_has_to_show_its_entries() -> None:
    answer = judged(answered(CASE, RIGHT))
    assert (answer.must_due, answer.must_covering) == (("sent-twice",), ("sent-twice",))


def test_one_that_an_error_ended_has_to_show_nothing_else() -> None:
    answer = judged(broken_off_by_an_error())
    assert answer.known_issues == {"breaks"}
    assert (answer.must_due, answer.must_covering) == ((), ())


def test_nor_has_one_whose_transfer_broke() -> None:
    whole = answered(CASE, RIGHT)
    torn = replace(whole.exchange, frames=whole.exchange.frames[:2], error="ReadError: reset")
    answer = judged(CheckContext.of(CASE, torn, whole.profile))
    assert answer.known_issues == {"breaks"}
    assert (answer.must_due, answer.must_covering) == ((), ())
