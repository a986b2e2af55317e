"""The gate's table, a row a test."""

from dataclasses import replace

import pytest

from tests.harness.core.records.comparison import Comparison, Kind
from tests.harness.core.records.run import Run
from tests.harness.gate.compare import compare
from tests.harness.gate.decision_table import Rules
from tests.harness.gate.verdict import Policy, verdict_of
from tests.selftest.gate.runs import Saw, issue, outcome, run

ISSUES = (issue("twice"), issue("must-show", "must"))
BY_CHANCE = Rules(by_chance=["twice"])
PASS = Saw()
LEAK, KNOWN_LEAK, EMPTY = Saw(("content/leak",)), Saw(("content/leak=twice",)), Saw(("arguments-json/empty",))
KNOWN_EMPTY = Saw(("arguments-json/empty=twice",))
BOTH = Saw(("content/leak", "arguments-json/empty"))
BOTH_KNOWN = Saw(("content/leak=must-show", "arguments-json/empty=must-show"))
ONE_BY_CHANCE = Saw(("content/leak=must-show", "arguments-json/empty=twice"))
COVERED = Saw(covered=("must-show",))


def compared(
    before: Saw | None, after: Saw | None, rules: Rules | None = None, **after_header: str
) -> Comparison:
    old = run("a", outcome("a", *([before] if before else [])))
    new = run("b", outcome("b", *([after] if after else [])), **after_header)
    return compare(old, new, rules or Rules())


def word_of(found: Comparison) -> str:
    return "NO-GO" if any(row.blocks for row in found.rows) else "GO"


def said(found: Comparison) -> list[str]:
    return [reason.text for reason in found.reasons]


@pytest.mark.parametrize(
    ("before", "after", "rules", "kind", "word"),
    [
        (PASS, PASS, Rules(), "unchanged", "GO"),
        (LEAK, PASS, Rules(), "fixed", "GO"),
        (PASS, COVERED, Rules(fixed=["must-show"]), "fixed", "GO"),
        (LEAK, COVERED, Rules(fixed=["must-show"]), "fixed", "GO"),
        (PASS, COVERED, Rules(stale=["must-show"]), "stale", "NO-GO"),
        (LEAK, COVERED, Rules(stale=["must-show"]), "stale", "NO-GO"),
        (PASS, COVERED, Rules(), "unchanged", "GO"),
        (PASS, LEAK, Rules(), "regression", "NO-GO"),
        (PASS, KNOWN_LEAK, Rules(), "known-regression", "NO-GO"),
        (PASS, KNOWN_LEAK, Rules(accepted=["twice"]), "known-regression", "GO"),
        (PASS, KNOWN_LEAK, Rules(accepted=["must-show"]), "known-regression", "NO-GO"),
        (LEAK, LEAK, Rules(), "broken", "GO"),
        (LEAK, KNOWN_LEAK, Rules(), "broken", "GO"),
        (EMPTY, LEAK, Rules(), "regression", "NO-GO"),
        (EMPTY, KNOWN_LEAK, Rules(), "known-regression", "NO-GO"),
        (EMPTY, KNOWN_LEAK, Rules(accepted=["twice"]), "known-regression", "GO"),
        (PASS, KNOWN_LEAK, BY_CHANCE, "flaky", "GO"),
        (KNOWN_LEAK, PASS, BY_CHANCE, "flaky", "GO"),
        (KNOWN_LEAK, KNOWN_EMPTY, BY_CHANCE, "flaky", "GO"),
        (EMPTY, KNOWN_LEAK, BY_CHANCE, "flaky", "GO"),
        (PASS, LEAK, BY_CHANCE, "regression", "NO-GO"),
        (LEAK, PASS, BY_CHANCE, "fixed", "GO"),
        (KNOWN_LEAK, LEAK, BY_CHANCE, "broken", "GO"),
        (PASS, Saw(("content/leak=twice", "arguments-json/empty")), BY_CHANCE, "regression", "NO-GO"),
        (LEAK, Saw(("content/leak",), "other"), Rules(), "changed", "GO"),
        (LEAK, Saw(("content/leak=twice",), "other"), Rules(), "changed", "GO"),
        (Saw(cut=(1, 2)), Saw(cut=(1, 2), result="other"), Rules(), "changed", "GO"),
        (Saw(cut=(1, 2)), Saw(cut=(1, 2), result="other"), Rules(changes_block=True), "changed", "NO-GO"),
        (Saw(cut=(1, 2)), Saw(cut=(1, 2)), Rules(changes_block=True), "unchanged", "GO"),
        (PASS, Saw(result="other"), Rules(changes_block=True), "unchanged", "GO"),
        (Saw(cut=(1, 2)), Saw(("content/leak",), cut=(2,)), Rules(), "regression", "NO-GO"),
        (Saw(cut=(1, 2)), Saw(("content/leak=twice",), cut=(2,)), Rules(), "not-comparable", "GO"),
        (Saw(("content/leak",), cut=(1, 2)), Saw(("content/leak",), cut=(2,)), Rules(), "not-comparable", "GO"),
        (Saw(cut=(1, 2)), Saw(cut=(2,)), Rules(), "not-comparable", "GO"),
        (BOTH_KNOWN, Saw(("content/leak=must-show",), "less"), Rules(), "fixed", "GO"),
        (BOTH, Saw(("content/leak",), "less"), Rules(), "fixed", "GO"),
        (ONE_BY_CHANCE, Saw(("content/leak=must-show",)), BY_CHANCE, "flaky", "GO"),
    ],
)  # fmt: skip
def test_the_table(before: Saw, after: Saw, rules: Rules, kind: Kind, word: str) -> None:
    found = compared(before, after, rules)
    (row,) = found.rows
    assert (row.kind, word_of(found)) == (kind, word)
    assert bool(found.reasons) == (word == "NO-GO" and kind != "stale"), (
        "stale entries are the verdict's to tell"
    )
    assert row.blocks == (word == "NO-GO")
    assert (row.item, row.split) == ("tests/live/t.py::test_x[one-call-stream]", "char")


@pytest.mark.parametrize(("before", "after"), [(PASS, None), (None, PASS), (LEAK, None)])
def test_what_only_one_side_has_is_a_coverage_change(before: Saw | None, after: Saw | None) -> None:
    """Beside another answer that both have: two runs with nothing in common have no verdict."""
    other = Saw(split="natural")
    old = run("a", outcome("a", other, *([before] if before else [])))
    new = run("b", outcome("b", other, *([after] if after else [])))
    found = compare(old, new, Rules())
    assert [row.kind for row in found.rows] == ["coverage", "unchanged"]
    assert (word_of(found), said(found)) == ("NO-GO", ["1 coverage change"])
    recased = compare(old, run("b", *new.outcomes, cases="c2"), Rules())
    assert word_of(recased) == "GO"
    assert recased.differs == ("case set: c1 before, c2 now",)


def test_what_nobody_explains_blocks_although_the_case_is_new() -> None:
    old = run("a", outcome("a", PASS))
    for saw, word in ((LEAK, "NO-GO"), (KNOWN_LEAK, "GO"), (PASS, "GO")):
        new = run("b", outcome("b", PASS), outcome("b", saw, item="new"), cases="c2")
        assert word_of(compare(old, new, Rules())) == word


def test_another_set_of_cases_is_no_reason_for_what_the_candidate_cannot_do() -> None:
    old = run("a", outcome("a", PASS), outcome("a", PASS, item="other"))
    refused = run("b", outcome("b", PASS), outcome("b", item="other", note="no forcing"), cases="c2")
    assert word_of(compare(old, refused, Rules())) == "NO-GO"
    assert word_of(compare(old, run("b", outcome("b", PASS), cases="c2"), Rules())) == "GO"


def test_another_result_under_one_cut_is_seen_beside_a_baseline_too() -> None:
    """The first answer of a cut is right, and a later one is not."""
    right = (Saw(cut=(5, 5), split="every-50"), Saw(cut=(5, 5), split="every-1000"))
    later = Saw(("same-cut/other-result",), "r2", cut=(5, 5), split="every-1000")
    old, new = run("a", outcome("a", *right)), run("b", outcome("b", right[0], later))
    assert [row.kind for row in compare(old, new, Rules()).rows] == ["regression", "unchanged"]
    assert [row.kind for row in compare(new, new, Rules()).rows] == ["broken", "unchanged"]
    assert word_of(compare(new, old, Rules())) == "GO"


def test_a_coverage_change_says_why() -> None:
    old = run("a", outcome("a", PASS), outcome("a", PASS, item="other"))
    new = run("b", outcome("b", note="no forcing"), outcome("b", PASS, item="other"))
    row = compare(old, new, Rules()).rows[0]
    assert row.note == "not in the candidate: no forcing"


@pytest.mark.parametrize(
    ("saw", "why", "word"),
    [
        (PASS, "no stream_interval before 0.27.1", "GO"),
        (KNOWN_LEAK, "no stream_interval before 0.27.1", "GO"),
        (LEAK, "no stream_interval before 0.27.1", "NO-GO"),
        (PASS, "", "NO-GO"),
        (PASS, "not recorded: a filter left it out", "NO-GO"),
    ],
)
def test_what_the_baseline_could_not_give_is_judged_as_without_one(saw: Saw, why: str, word: str) -> None:
    """Else nobody could move to a release that can do more."""
    natural = Saw(split="natural")
    before = replace(outcome("a", natural), not_applicable=(why,) if why else ())
    after = run("b", outcome("b", natural, saw))
    found = compare(run("a", before), after, Rules())
    assert [row.kind for row in found.rows] == ["coverage", "unchanged"]
    assert word_of(found) == word
    lost = compare(after, run("b", before), Rules())
    assert word_of(lost) == "NO-GO", "what the candidate cannot do any more blocks whatever the reason"


def test_what_the_user_left_out_is_no_coverage_change() -> None:
    old = run("a", outcome("a", PASS), outcome("a", PASS, item="other"))
    new = run("b", outcome("b", PASS))
    assert word_of(compare(old, new, Rules())) == "NO-GO"
    assert word_of(compare(old, new, Rules(partial=True))) == "GO"


def test_what_comes_beside_a_known_defect_is_a_regression() -> None:
    after = Saw(("content/leak=twice", "arguments-json/empty"))
    assert compared(KNOWN_LEAK, after).rows[0].kind == "regression"
    assert compared(EMPTY, after).rows[0].kind == "known-regression", "only what is new has to be explained"


def test_a_chained_item_that_stops_a_round_earlier_is_a_regression_and_no_coverage_change() -> None:
    found = compared(Saw(split="natural", turn=2), Saw(("tool-run/unreadable-arguments",), split="natural"))
    (row,) = found.rows
    assert (row.kind, row.turn) == ("regression", 1)
    back = compared(Saw(("tool-run/unreadable-arguments",), split="natural"), Saw(split="natural", turn=2))
    assert [row.kind for row in back.rows] == ["fixed"]


@pytest.mark.parametrize("result", ["infrastructure", "error"])
@pytest.mark.parametrize("side", ["before", "after"])
def test_infrastructure_on_either_side_is_no_verdict(side: str, result: str) -> None:
    broken = outcome("x", item="dead", note="the server died\nlog", result=result)  # type: ignore[arg-type]
    old = run("a", outcome("a", PASS), *([broken] if side == "before" else []))
    new = run("b", outcome("b", LEAK), *([broken] if side == "after" else []))
    verdict = verdict_of(new, old, ISSUES).verdict
    assert verdict.word == "NO VERDICT"
    assert verdict.reason.startswith("the baseline: " if side == "before" else "the candidate: ")
    assert verdict.reason.endswith("1 item: the server died")


def test_nothing_in_common_is_no_verdict() -> None:
    old, new = run("a", outcome("a", PASS, item="x")), run("b", outcome("b", PASS, item="y"))
    verdict = verdict_of(new, old, ISSUES).verdict
    assert (verdict.word, verdict.reason) == ("NO VERDICT", "the two runs have no judged answer in common")


def test_what_differs_about_the_runs_is_said() -> None:
    differs = compared(PASS, PASS, profile="xlam-llama-8b", depth="full").differs
    assert differs == ("profile: fixture before, xlam-llama-8b now", "depth: default before, full now")


def test_a_harm_can_be_told_to_block_even_if_it_is_old() -> None:
    old, new = run("a", outcome("a", KNOWN_LEAK)), run("b", outcome("b", KNOWN_LEAK))
    assert verdict_of(new, old, ISSUES).verdict.word == "GO"
    verdict = verdict_of(new, old, ISSUES, Policy(block=["wrong-call"])).verdict
    assert (verdict.word, verdict.reason) == ("NO-GO", "known issue twice (wrong-call) blocks by --block")


def test_an_item_without_a_case_is_compared_by_what_it_found() -> None:
    """It names only the answers that show something, so a right one names none."""

    def generated(label: str, *saw: Saw) -> Run:
        entry = outcome(label, *saw, result=None if saw else "passed")
        return run(label, replace(entry, case="test_x"))

    right, broken = generated("a"), generated("b", Saw(("content/leak",), split="every-3"))
    elsewhere = generated("b", Saw(("content/leak",), "other", split="char"))
    assert [row.kind for row in compare(right, broken, Rules()).rows] == ["regression"]
    assert [row.kind for row in compare(broken, right, Rules()).rows] == ["fixed"]
    assert [row.kind for row in compare(broken, elsewhere, Rules()).rows] == ["broken"]
    assert [row.kind for row in compare(right, right, Rules()).rows] == ["unchanged"]


def test_rows_come_worst_first() -> None:
    old = run("a", outcome("a", PASS, item="1"), outcome("a", PASS, item="2"), outcome("a", LEAK, item="3"))
    new = run("b", outcome("b", PASS, item="1"), outcome("b", LEAK, item="2"), outcome("b", PASS, item="3"))
    assert [row.kind for row in compare(old, new, Rules()).rows] == ["regression", "fixed", "unchanged"]


def test_a_defect_that_comes_much_more_often_than_it_goes_is_no_chance() -> None:
    def both(came: int, went: int) -> Comparison:
        def side(label: str, broken: range) -> Run:
            return run(
                label,
                *(outcome(label, KNOWN_LEAK if at in broken else PASS, item=str(at)) for at in range(40)),
            )

        return compare(side("a", range(20, 20 + went)), side("b", range(came)), BY_CHANCE)

    assert word_of(both(13, 0)) == "GO"
    assert said(both(14, 0)) == ["14 known regressions"]
    assert word_of(both(14, 1)) == "GO"
    assert word_of(both(0, 20)) == "GO", "fewer are no reason to stop"
    assert {row.kind for row in both(1, 13).rows} == {"flaky", "unchanged"}
    assert {row.kind for row in both(1, 18).rows} == {"fixed", "flaky", "unchanged"}
    assert {row.kind for row in both(18, 1).rows} == {"known-regression", "flaky", "unchanged"}
    assert word_of(both(20, 20)) == "GO"


def test_a_defect_that_shows_nowhere_any_more_is_fixed() -> None:
    def left(answers: int) -> Comparison:
        names = [str(number) for number in range(20)]
        old = run("a", *(outcome("a", KNOWN_LEAK if int(n) < answers else PASS, item=n) for n in names))
        return compare(old, run("b", *(outcome("b", PASS, item=n) for n in names)), BY_CHANCE)

    assert ({row.kind for row in left(4).rows}, left(4).gone) == ({"flaky", "unchanged"}, ())
    assert ({row.kind for row in left(5).rows}, left(5).gone) == ({"fixed", "unchanged"}, ("twice",))


def test_what_only_the_scripted_engine_can_be_told_is_no_change_beside_a_model() -> None:
    for scripted, blocks in ((False, False), (True, True)):
        natural = Saw(split="natural", cut=(2, 5))
        old = run("a", outcome("a", natural), scripted=scripted)  # type: ignore[arg-type]
        new = run("b", outcome("b", natural, Saw(split="one-delta", cut=(5, 5))), scripted=True)  # type: ignore[arg-type]
        assert any(row.blocks for row in compare(old, new, Rules()).rows) is blocks


def test_an_answer_that_one_run_sought_by_itself_is_no_coverage_change() -> None:
    natural = Saw(split="natural", cut=(2, 5))
    found = outcome("b", natural, Saw(split="at-3", cut=(3, 5, 5)))
    found = replace(found, answers=(found.answers[0], replace(found.answers[1], sought=True)))
    both = compare(run("a", outcome("a", natural)), run("b", found), Rules())
    assert [row.kind for row in both.rows] == ["unchanged"]
    both = compare(run("b", found), run("a", outcome("a", natural)), Rules())
    assert [row.kind for row in both.rows] == ["unchanged"]
