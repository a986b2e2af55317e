"""An id names one thing in the whole run; what is looked at twice repeats nothing."""

from dataclasses import replace

from tests.harness.core.records.case import Mode
from tests.harness.judging.check_context import CheckContext, UsedId
from tests.harness.judging.id_registry import IdRegistry
from tests.harness.judging.judge import Judge
from tests.selftest.faulty_servers.correct import Answer
from tests.selftest.judging.checks.offline import answered, call, case_with

ANSWER = Answer((call("first", {}), call("second", {})))


def asked_as(name: str, mode: Mode = "stream") -> CheckContext:
    context = answered(case_with(), ANSWER, mode)
    key = replace(context.exchange.key, case=name)
    return replace(context, exchange=replace(context.exchange, key=key))


def test_another_answer_with_the_same_ids_repeats_them() -> None:
    registry = IdRegistry()
    first, second = asked_as("first"), asked_as("second", "whole")
    assert registry.repeated_in(first.exchange, first.reply) == ()
    where = first.exchange.key.name
    assert registry.repeated_in(second.exchange, second.reply) == (
        UsedId("chatcmpl-1", None, where),
        UsedId("call_0", 0, where),
        UsedId("call_1", 1, where),
    )


def test_an_answer_that_is_looked_at_twice_repeats_nothing() -> None:
    registry = IdRegistry()
    for _ in range(2):
        assert registry.repeated_in(asked_as("one").exchange, asked_as("one").reply) == ()


def test_a_judge_remembers_ids_from_one_item_to_the_next() -> None:
    judge = Judge([], "0.32.0")
    names = []
    for name in ("first", "second"):
        context = asked_as(name)
        names.append(judge.with_ids(context, judge.judged(context, [])).names)
    assert names == [frozenset(), {"unique-ids/answer-id", "unique-ids/call-id"}]
