"""Unexplained findings gathered by cause: counted, the weightiest first, each with its smallest answer."""

from dataclasses import replace

import pytest

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.core.records.outcome import Outcome
from tests.harness.gate.causes import causes_of
from tests.harness.judging.registry import all_checks

GLUED = Finding("arguments-json", "glued-twice", "twice", got='{"a": 1}{"a": 1}')
ERROR = Finding(
    "http-status", "server-error", "500", got='500 {"error": {"message": "oops", "type": "ServerError"}}'
)
FRAME = Finding("stream-frames", "error-frame", "error", got='{"message": "oops", "type": "ServerError"}')
VIEW = Finding(
    "client-view", "refused", "error", got='status 500: {"message": "oops", "type": "ServerError"}'
)
NULLS = Finding("chunk-fields", "null-field", "null", got="null")


def answer(
    case: str, *findings: Finding, mode: str = "stream", split: str = "char", known: str | None = None
) -> JudgedAnswer:
    explained = tuple(ExplainedFinding(finding, known) for finding in findings)
    return JudgedAnswer(case, mode, split, 1, f"{case}|{mode}|{split}", "r", explained)


def outcome(*answers: JudgedAnswer, **fields: str) -> Outcome:
    first = answers[0]
    whole = {"item": f"t.py::test_x[{first.case}-{first.mode}]", "result": "failed", **fields}
    return Outcome(deployment="", case=first.case, mode=first.mode, answers=answers, **whole)  # type: ignore[arg-type]


def test_what_one_defect_shows_is_one_cause_with_its_counts() -> None:
    other = replace(GLUED, got='{"b": "x", "c": 2}{"b": "x", "c": 2}')
    (cause,) = causes_of(
        [
            outcome(answer("one", GLUED), answer("one", GLUED, split="every-5")),
            outcome(answer("two", other), answer("two")),
        ]
    )
    assert (cause.answers, cause.cases, cause.items) == (3, 2, 2)
    assert cause.names == ("arguments-json/glued-twice",)
    assert cause.key.shape == "{…}"


def test_a_server_that_raises_is_one_cause_and_says_as_what_it_was_met() -> None:
    (cause,) = causes_of(
        [
            outcome(answer("a", ERROR, mode="whole")),
            *(outcome(answer(case, FRAME)) for case in ("b", "c", "d")),
            outcome(answer("e", VIEW)),
        ],
        {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5},
    )
    assert cause.names == ("http-status/server-error", "stream-frames/error-frame", "client-view/refused")
    assert (cause.harm, cause.cases) == ("outage", 5)


def test_what_is_known_or_was_not_judged_is_none() -> None:
    assert causes_of([outcome(answer("one", GLUED, known="sent-twice"), result="known")]) == []
    assert causes_of([outcome(answer("one", GLUED), result="infrastructure")]) == []


def test_failures_and_wrong_calls_go_before_all_else_then_the_commonest() -> None:
    many = [outcome(answer(f"null-{number}", NULLS)) for number in range(5)]
    causes = causes_of(
        [*many, outcome(answer("x", GLUED)), outcome(answer("y", FRAME)), outcome(answer("z", FRAME))]
    )
    assert [cause.names[0] for cause in causes] == [
        "stream-frames/error-frame", "arguments-json/glued-twice", "chunk-fields/null-field",
    ]  # fmt: skip


def test_the_smallest_is_of_the_shortest_text_then_the_shortest_answer_then_not_streamed() -> None:
    sizes = {"long": 900, "short": 20, "brief": 20}
    sent = {
        "short|stream|char": 300,
        "short|stream|natural": 100,
        "brief|stream|char": 100,
        "brief|whole|char": 100,
    }
    outcomes = [
        outcome(answer("long", GLUED), answer("unknown", GLUED)),
        outcome(answer("short", GLUED), answer("short", GLUED, split="natural")),
        outcome(answer("brief", GLUED)),
        outcome(answer("brief", GLUED, mode="whole")),
    ]
    (cause,) = causes_of(outcomes, sizes, lambda judged: sent[judged.exchange])
    assert (cause.answer.exchange, cause.item) == ("brief|whole|char", "t.py::test_x[brief-whole]")


def test_an_answer_of_the_chat_address_is_smaller_than_one_that_a_client_met() -> None:
    outcomes = [outcome(answer("one", VIEW, mode="whole")), outcome(answer("one", FRAME))]
    (cause,) = causes_of(outcomes, {"one": 5})
    assert cause.names[0] == "stream-frames/error-frame"


def test_the_smallest_answer_has_the_findings_of_its_cause_alone() -> None:
    causes = causes_of([outcome(answer("one", GLUED, NULLS))])
    assert [cause.answer.names for cause in causes] == [
        {"arguments-json/glued-twice"},
        {"chunk-fields/null-field"},
    ]


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_a_check_that_says_its_harm_by_symptom_names_its_own(check: object) -> None:
    harm = check.harm  # type: ignore[attr-defined]
    assert isinstance(harm, str) or harm.keys() <= check.symptoms.keys()  # type: ignore[attr-defined]


def test_a_check_of_another_suite_is_the_least_of_all() -> None:
    (cause,) = causes_of([outcome(answer("one", Finding("from-tomorrow", "x", "m")))])
    assert cause.harm == "cosmetic"


def cut_answer(case: str, split: str, tags: str, *findings: Finding) -> JudgedAnswer:
    return replace(answer(case, *findings, split=split), cut=(1,), cut_tags=tuple(tags.split()))


def test_a_cause_says_what_is_true_of_the_cuts_that_show_it() -> None:
    shown = [
        cut_answer("a", "char", "name-cut single-characters"),
        cut_answer("a", "at-3", "name-cut marker-cut", GLUED),
        cut_answer("a", "at-9", "name-cut escape-cut", GLUED),
        cut_answer("b", "at-9", "escape-cut"),
        cut_answer("b", "at-3", "name-cut escape-cut marker-cut", GLUED),
    ]
    (cause,) = causes_of([outcome(*shown[:3]), outcome(*shown[3:])])
    assert cause.cut_tags == ("name-cut",)


def test_no_cut_tells_apart_what_shows_at_every_cut_or_without_one() -> None:
    everywhere = [cut_answer("a", split, "name-cut", GLUED) for split in ("char", "at-3")]
    (cause,) = causes_of([outcome(*everywhere)])
    assert cause.cut_tags == ()
    (cause,) = causes_of(
        [outcome(everywhere[0], cut_answer("a", "at-9", ""), answer("a", GLUED, mode="whole"))]
    )
    assert cause.cut_tags == ()
