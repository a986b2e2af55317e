"""Makes a model whose tokenizer differs much from the fixture's: 20,000 tokens, other rules of cutting, random weights.

`python -m tests.bench.wide_model FOLDER`, with a Python that has torch and transformers (vLLM's environment has). Its
answers mean nothing: it is for forced texts.
"""

import json
import random
import shutil
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoConfig, AutoModelForCausalLM

from tests.harness.cases.load import load_cases

TOKENS = 20_000
SEED = 7
SPECIAL_TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
FIXTURE = Path(__file__).parents[1] / "fixture_model"
COPIED = ("chat_template.jinja", "generation_config.json", "tokenizer_config.json")


def corpus() -> list[str]:
    """The forced texts, so that whole pieces of calls are tokens, and made-up words to fill the vocabulary."""
    chance = random.Random(SEED)
    words = ["".join(chance.choices("etaoinshrdlucmfw", k=chance.randint(3, 9))) for _ in range(60_000)]
    return [case.text for case in load_cases() if case.text] * 3 + [" ".join(words)]


def tokenizer() -> Tokenizer:
    """A byte-level BPE that cuts at words, unlike the fixture's."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TOKENS,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    made.train_from_iterator(corpus(), trainer)
    assert made.get_vocab_size() == TOKENS
    return made


def main(folder: Path) -> None:
    """Write the model's files."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer().save(str(folder / "tokenizer.json"))
    for name in COPIED:
        shutil.copy(FIXTURE / name, folder / name)
    config = json.loads((FIXTURE / "config.json").read_text("utf-8")) | {"vocab_size": TOKENS}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    torch.manual_seed(SEED)
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder))
    model.to(torch.bfloat16).save_pretrained(folder)
    (folder / "config.json").write_text(json.dumps(config), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
