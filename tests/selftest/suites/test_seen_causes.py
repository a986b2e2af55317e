"""A cause that was seen often enough is asked about no more, and told in a line; one that comes and goes always is."""

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import ExplainedFinding, Intermittent, JudgedAnswer
from tests.harness.suites.confirmation import confirmed
from tests.harness.suites.seen_causes import AS_BEFORE, ENOUGH, TOLD, SeenCauses

LOST = Finding("content", "lost", "Lost.", got="nothing")
GLUED = Finding("arguments-json", "glued-twice", "Twice.", got="{}{}")


def seen(*findings: Finding, cases: int = ENOUGH) -> SeenCauses:
    causes = SeenCauses()
    for number in range(cases):
        causes.note(f"case-{number}", findings)
    return causes


def judged(case: str, *findings: Finding, known: str | None = None) -> JudgedAnswer:
    return JudgedAnswer(
        case, "stream", "char", 1, "", "r", tuple(ExplainedFinding(one, known) for one in findings)
    )


def test_it_takes_as_many_cases_as_are_enough() -> None:
    assert not seen(LOST, cases=ENOUGH - 1).is_enough([LOST])
    assert seen(LOST).is_enough([LOST])


def test_one_case_counts_once() -> None:
    causes = seen(LOST, cases=ENOUGH - 1)
    causes.note("case-0", [LOST])
    assert not causes.is_enough([LOST])


def test_all_findings_of_an_answer_have_to_be_known() -> None:
    assert not seen(LOST).is_enough([LOST, GLUED])
    assert not seen(LOST).is_enough([])


def test_what_once_did_not_come_again_is_always_asked_for_again() -> None:
    causes = seen(LOST)
    causes.note("another", [], [Intermittent("content/lost", "1 of 2 times")])
    assert not causes.is_enough([LOST])


def test_a_cause_is_confirmed_a_few_times_and_then_taken_at_its_word() -> None:
    causes, asked = SeenCauses(), []
    for number in range(3 * ENOUGH):
        answer = judged(f"case-{number}", LOST)
        again = lambda attempt, answer=answer: asked.append(attempt) or answer  # noqa: E731
        assert confirmed(answer, again, causes) == answer
    assert len(asked) == ENOUGH


def test_a_new_finding_beside_a_known_one_is_asked_for_again() -> None:
    asked: list[int] = []
    answer = judged("one", LOST, GLUED)
    found = confirmed(answer, lambda attempt: asked.append(attempt) or judged("one", LOST), seen(LOST))
    assert asked == [1]
    assert found.unexplained == {"content/lost"}


def test_after_a_few_items_a_cause_is_told_in_a_line() -> None:
    causes = SeenCauses()
    told = [causes.tell(f"item-{number}", [LOST]) for number in range(TOLD + 2)]
    assert told == [""] * TOLD + [f"{AS_BEFORE}content/lost"] * 2


def test_what_is_new_beside_it_is_told_in_full() -> None:
    causes = SeenCauses()
    for number in range(TOLD):
        causes.tell(f"item-{number}", [LOST])
    assert causes.tell("further", [LOST, GLUED]) == ""
