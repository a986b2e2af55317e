"""Log probabilities: documented shapes, and numbers that are probabilities."""

import numpy as np
import pytest

from tests.scripted_engine.scripted_engine.logprobs import Distribution

SIZE = 50


def test_all_probabilities_are_one_together() -> None:
    found = Distribution(SIZE).at(wanted=7, came=7, count=-1)
    assert len(found.ids) == SIZE + 1
    assert np.exp(found.logprobs[1:].astype(np.float64)).sum() == pytest.approx(1, abs=1e-5)


def test_the_wanted_token_is_the_most_probable_and_the_rest_fall() -> None:
    found = Distribution(SIZE).at(wanted=7, came=7, count=5)
    assert found.ids.tolist()[:2] == [7, 7]
    assert found.rank == 1
    assert len(set(found.ids[1:].tolist())) == 5
    assert list(found.logprobs[1:]) == sorted(found.logprobs[1:], reverse=True)


def test_a_token_that_came_in_its_place_has_its_own_rank() -> None:
    distribution = Distribution(SIZE)
    everything = distribution.at(wanted=7, came=7, count=-1).ids[1:].tolist()
    for came in range(SIZE):
        found = distribution.at(wanted=7, came=came, count=2)
        assert found.ids[0] == came
        assert found.rank == everything.index(came) + 1


def test_of_no_probable_tokens_the_one_that_came_is_left() -> None:
    found = Distribution(SIZE).at(wanted=7, came=7, count=0)
    assert found.ids.tolist() == [7]
