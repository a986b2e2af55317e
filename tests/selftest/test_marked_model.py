"""The model with markers is the fixture's, and nothing else: its files are those that its script writes."""

import json

import pytest

from tests.marked_model.make import FOLDER, MARKERS, files


@pytest.mark.parametrize("name", files())
def test_a_file_is_as_it_is_written(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == files()[name]


def test_each_marker_has_a_token_that_the_model_can_say() -> None:
    tokens = {token["content"]: token for token in json.loads(files()["tokenizer.json"])["added_tokens"]}
    size = json.loads(files()["config.json"])["vocab_size"]
    assert {marker: tokens[marker]["special"] for marker in MARKERS} == dict(MARKERS)
    assert len({token["id"] for token in tokens.values()}) == len(tokens)
    assert max(token["id"] for token in tokens.values()) == size - 1


def test_there_are_no_weights() -> None:
    assert not list(FOLDER.glob("*.safetensors"))
