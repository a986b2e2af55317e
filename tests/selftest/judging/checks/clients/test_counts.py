"""Counts of one question are one number; which one another is compared with is the first."""

import pytest

from tests.harness.judging.checks.clients.counts import CHECK, Counted, judge_alike


def counts(*tokens: int | None) -> list[Counted]:
    return [Counted(f"/{number}", count, f"e{number}") for number, count in enumerate(tokens)]


@pytest.mark.parametrize(
    ("tokens", "wrong"),
    [
        ((7,), []),
        ((7, 7, 7), []),
        ((7, 8, 7), ["e1"]),
        ((7, 7, None), ["e2"]),
        ((7, 8, 9), ["e1", "e2"]),
        ((None, None), ["e1"]),
    ],
)
def test_what_differs_from_the_first_is_told(tokens: tuple[int | None, ...], wrong: list[str]) -> None:
    found = list(judge_alike(counts(*tokens)))
    assert [exchange for _, exchange in found] == wrong
    assert {finding.symptom for finding, _ in found} <= set(CHECK.symptoms) == {"differs"}


def test_a_finding_says_who_counts_what() -> None:
    ((finding, _),) = judge_alike(counts(7, None))
    assert (finding.expected, finding.got) == ("/0: 7", "/1: no count")
