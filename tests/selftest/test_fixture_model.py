"""The fixture model's committed files are what its card says: hashes, shape and vocabulary."""

import hashlib
import json
import math
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "fixture_model"
MODEL_FILES = {
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
}
LARGEST_TOTAL = 2_000_000
"""Bytes; the folder is cloned by everyone who clones the project."""


def card_of(folder: Path) -> str:
    return (folder / "README.md").read_text("utf-8")


def hashes_on(card: str) -> dict[str, str]:
    return dict(re.findall(r"^\| `([^`]+)` \| [\d,]+ \| `([0-9a-f]{64})` \|$", card, re.MULTILINE))


def fact_on(card: str, name: str) -> int:
    """The number that the card gives for `name`, e.g. `| Parameters | 399,488 |`."""
    found = re.search(rf"^\| {name} \| ([\d,]+)", card, re.MULTILINE)
    assert found, f"the card does not say: {name}"
    return int(found[1].replace(",", ""))


def drift(folder: Path) -> list[str]:
    """Every way in which the files of `folder` differ from its card's table; empty if in none."""
    stated = hashes_on(card_of(folder))
    problems = [f"{name}: not in the card's table" for name in sorted(MODEL_FILES - set(stated))]
    for name, digest in stated.items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{name}: in the card's table, not in the folder")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            problems.append(f"{name}: another SHA-256 than the card's")
    return problems


def tensors_of(folder: Path) -> dict[str, dict[str, Any]]:
    """The header of the safetensors file: eight bytes of length, then JSON."""
    data = (folder / "model.safetensors").read_bytes()
    length = int.from_bytes(data[:8], "little")
    header: dict[str, dict[str, Any]] = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    return header


def json_of(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / name).read_text("utf-8"))
    return data


def byte_letters() -> set[str]:
    """The 256 characters that stand for bytes in a byte-level vocabulary.

    Printable bytes stand for themselves, the others for the characters from 256 on.
    """
    ranges = [range(ord(first), ord(last) + 1) for first, last in ("!~", "¡¬", "®ÿ")]
    printable = [byte for letters in ranges for byte in letters]
    others = range(256, 512 - len(printable))
    return {chr(code) for code in [*printable, *others]}


def test_files_are_those_of_the_card() -> None:
    assert drift(FOLDER) == []


@pytest.mark.parametrize("name", sorted(MODEL_FILES))
def test_a_changed_file_is_noticed(name: str, tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "model")
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    assert drift(copy) == [f"{name}: another SHA-256 than the card's"]


def test_a_missing_file_is_noticed(tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "model")
    (copy / "tokenizer.json").unlink()
    assert drift(copy) == ["tokenizer.json: in the card's table, not in the folder"]


def test_a_card_without_a_file_is_noticed(tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "model")
    lines = [line for line in card_of(copy).splitlines() if "| `config.json` |" not in line]
    (copy / "README.md").write_text("\n".join(lines), "utf-8")
    assert drift(copy) == ["config.json: not in the card's table"]


def test_folder_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < LARGEST_TOTAL


def test_nothing_else_lies_in_the_folder() -> None:
    names = {path.name for path in FOLDER.iterdir()} - {"__pycache__"}
    assert names == MODEL_FILES | {"README.md", "examples.py", "train.py"}


def test_shape_is_that_of_the_card() -> None:
    config = json_of("config.json")
    assert config["architectures"] == ["LlamaForCausalLM"]
    assert config["max_position_embeddings"] == fact_on(card_of(FOLDER), "Positions") == 65536
    assert json_of("tokenizer_config.json")["model_max_length"] == 65536


def test_weights_are_bfloat16_and_as_many_as_the_card_says() -> None:
    tensors = tensors_of(FOLDER)
    assert {tensor["dtype"] for tensor in tensors.values()} == {"BF16"}
    parameters = sum(math.prod(tensor["shape"]) for tensor in tensors.values())
    assert parameters == fact_on(card_of(FOLDER), "Parameters")


def test_vocabulary_is_that_of_the_card() -> None:
    vocabulary = json_of("tokenizer.json")["model"]["vocab"]
    size = fact_on(card_of(FOLDER), "Vocabulary")
    assert sorted(vocabulary.values()) == list(range(size))
    assert json_of("config.json")["vocab_size"] == size
    assert tensors_of(FOLDER)["model.embed_tokens.weight"]["shape"][0] == size


def test_every_byte_is_a_token() -> None:
    letters = byte_letters()
    assert len(letters) == 256
    assert letters - set(json_of("tokenizer.json")["model"]["vocab"]) == set()


def test_end_of_turn_ends_the_answer() -> None:
    special = {token["content"]: token["id"] for token in json_of("tokenizer.json")["added_tokens"]}
    assert set(special) == {"<|endoftext|>", "<|im_start|>", "<|im_end|>"}
    end = special["<|im_end|>"]
    for name in ("config.json", "generation_config.json"):
        assert json_of(name)["eos_token_id"] == end
    assert json_of("tokenizer_config.json")["eos_token"] == "<|im_end|>"
