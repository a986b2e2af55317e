"""What comes at each step, under each of the request's parameters and under a grammar."""

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.scripted_engine.scripted_engine.choice import FREE_STEPS, Chooser, Vocabulary
from tests.scripted_engine.scripted_engine.talk import EngineFacts, Step, Talk

TEXTS = ["", "a", "b", "abc", "ab", '"', "zz"]
"""Token 0 ends an answer."""
END = 0
VOCABULARY = Vocabulary(TEXTS, {END})


def params(**changed: Any) -> SimpleNamespace:
    usual: dict[str, Any] = {
        "max_tokens": 100,
        "min_tokens": 0,
        "temperature": 0.0,
        "top_k": 0,
        "seed": None,
        "logit_bias": None,
        "allowed_token_ids": None,
        "bad_words_token_ids": None,
        "all_stop_token_ids": {END},
    }
    return SimpleNamespace(**{**usual, **changed})


def talk(
    deltas: Iterable[list[int]],
    *,
    scripted: bool = True,
    withholds: bool = False,
    room: int = 1000,
    **changed: Any,
) -> Talk:
    facts = EngineFacts(VOCABULARY, END, withholds)
    return Talk(facts, params(**changed), deltas, room, scripted=scripted)


def row(*tokens: int) -> NDArray[np.int32]:
    """A grammar's row that allows these tokens."""
    return np.array([sum(1 << token for token in tokens)], np.int32)


def said(speaker: Talk, steps: int, rows: Sequence[NDArray[np.int32] | None] = ()) -> list[list[int]]:
    padded = [*rows, *[None] * (steps - len(rows))]
    return [speaker.step(one).tokens for one in padded]


def test_a_script_is_said_delta_by_delta_and_then_ends() -> None:
    assert said(talk([[1], [2, 3]]), 3) == [[1], [2, 3], [END]]


def test_a_scheduler_that_runs_ahead_gets_a_long_delta_after_as_many_steps() -> None:
    assert said(talk([[1], [2, 3, 4], [1]], withholds=True), 6) == [[1], [], [], [2, 3, 4], [1], [END]]


def test_a_delta_never_holds_more_than_the_limit_leaves() -> None:
    assert said(talk([[1, 2], [3, 4, 1]], max_tokens=3), 2) == [[1, 2], [3]]
    assert said(talk([[1, 2], [3, 4, 1]], max_tokens=3, withholds=True), 3) == [[], [1, 2], [3]]
    assert said(talk([[1, 2, 3]], room=2), 1) == [[1, 2]]


def test_a_grammar_gets_one_token_a_step_and_is_obeyed() -> None:
    speaker = talk([[1, 2]])
    assert said(speaker, 3, [row(1, 3), row(3, 4), row(END)]) == [[1], [3], [END]]


def test_under_a_grammar_alone_the_most_biased_then_the_longest_comes() -> None:
    assert said(talk([[1]], scripted=False), 1, [row(1, 3, 4)]) == [[3]]
    assert said(talk([[1]], scripted=False, logit_bias={1: 100}), 1, [row(1, 3, 4)]) == [[1]]


def test_of_very_many_allowed_tokens_the_same_is_chosen_as_of_all() -> None:
    size = 6000
    large = Vocabulary([f"{number:x}" * (1 + number % 7) for number in range(size)], {END})
    everything = np.full((size + 31) // 32, -1, np.int32)
    assert len(large.preferred) < size // 2
    for bias in (None, {17: 50}, {17: 50, 4001: 60}, {5: -100}):
        chooser = Chooser(params(logit_bias=bias), large)
        looked_at = chooser.candidates(everything)
        assert Chooser(params(logit_bias=bias), large).pick(looked_at) == chooser.pick(np.arange(size))
    assert len(Chooser(params(temperature=1.0), large).candidates(everything)) == size


def test_a_free_text_is_closed_in_the_end() -> None:
    speaker = talk([], scripted=False)
    tokens = said(speaker, FREE_STEPS + 1, [row(1, 3, 5)] * (FREE_STEPS + 1))
    assert tokens[:-1] == [[3]] * FREE_STEPS
    assert tokens[-1] == [5]


def test_min_tokens_keeps_the_end_away() -> None:
    tokens = said(talk([[1]], min_tokens=3), 4)
    assert tokens[0] == [1]
    assert [END] not in tokens[:3]
    assert tokens[3] == [END]


def test_only_allowed_tokens_come() -> None:
    assert said(talk([[1], [2]], allowed_token_ids=[2, END]), 3) == [[2], [2], [END]]


def test_allowed_tokens_count_under_a_grammar_too() -> None:
    assert said(talk([], scripted=False, allowed_token_ids=[1, 4]), 1, [row(1, 3, 4)]) == [[4]]


def test_a_bad_word_is_not_finished() -> None:
    tokens = said(talk([[1], [2], [2]], bad_words_token_ids=[[1, 2]]), 3)
    assert tokens[0] == [1]
    assert tokens[1] != [2]
    assert tokens[2] == [2]


def test_a_bad_word_of_one_token_never_comes() -> None:
    assert said(talk([[2]], bad_words_token_ids=[[2]]), 1) != [[2]]


def test_a_server_that_ignores_the_end_gets_more() -> None:
    assert said(talk([[1]]), 4) == [[1], [END], [END], [END]]


def test_a_seed_draws_the_same_again_and_another_seed_something_else() -> None:
    def drawn(seed: int) -> list[list[int]]:
        return said(talk([], scripted=False, temperature=1.0, seed=seed), 12, [row(1, 2, 3, 4, 6)] * 12)

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_top_k_of_one_draws_nothing() -> None:
    tokens = said(talk([], scripted=False, temperature=1.0, top_k=1, seed=3), 3, [row(1, 3, 4)] * 3)
    assert tokens == [[3]] * 3


def test_each_token_names_the_one_that_was_wanted() -> None:
    assert talk([[1]], allowed_token_ids=[2]).step(None) == Step([2], [1])
