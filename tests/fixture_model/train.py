"""Train the fixture model: a tiny Llama that answers the suite's cases in xLAM's format.

Run it from the repository's root, with a Python that has torch, transformers and jinja2:

    python -m tests.fixture_model.train

It reads the cases and tools of `tests/cases/`, writes every file of the model into this folder,
reads those files again, asks every question it was trained on, and fails if one answer is wrong.
"""

import copy
import hashlib
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from safetensors.torch import save
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

from tests.fixture_model.examples import FOLDER, Example, distinct_texts, make_examples

SEED = 17
# One thread: sums of floats depend on how many threads share them, and for so small a model more
# threads mostly wait for each other.
THREADS = 1
BATCH = 8
LEARNING_RATE = 2e-3
WARM_UP = 30
CHECK_EVERY = 50
MOST_STEPS = 1500
# How much larger than its best rival the logit of each right token must be. Rounding to bfloat16,
# another batch or another version's kernels move a logit by some hundredths.
WANTED_MARGIN = 6.0

SPECIAL_TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
PAD, EOS = 0, 2
IGNORED = -100  # the label that torch's loss skips
VOCABULARY = 560
POSITIONS = 65536

CONFIG: dict[str, Any] = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "vocab_size": VOCABULARY,
    "hidden_size": 128,
    "intermediate_size": 256,
    "num_hidden_layers": 2,
    # Heads of 64 are a size that the attention kernels of every platform have.
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "head_dim": 64,
    "hidden_act": "silu",
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "max_position_embeddings": POSITIONS,
    "initializer_range": 0.05,
    "tie_word_embeddings": True,
    "bos_token_id": None,
    "eos_token_id": EOS,
    "pad_token_id": PAD,
    # The older of two names for the same thing: every version of transformers reads it.
    "torch_dtype": "bfloat16",
}
GENERATION_CONFIG: dict[str, Any] = {"eos_token_id": EOS, "pad_token_id": PAD, "do_sample": False}
TOKENIZER_CONFIG: dict[str, Any] = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "eos_token": "<|im_end|>",
    "pad_token": "<|endoftext|>",
    "clean_up_tokenization_spaces": False,
    "model_max_length": POSITIONS,
}
HASHED_FILES = [
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
]

Batch = tuple[torch.Tensor, torch.Tensor]  # inputs and labels


@dataclass(frozen=True)
class Encoded:
    """An example as token ids; the answer ends with the end-of-turn token."""

    prompt: list[int]
    answer: list[int]


# --- The tokenizer ---------------------------------------------------------------------------


def train_tokenizer(examples: Sequence[Example]) -> None:
    """Write a byte-level BPE: all 256 bytes are tokens, so any text can be written."""
    tokenizer = Tokenizer(models.BPE())
    # Digits stay tokens of their own. Punctuation merges, as in the tokenizers of the xLAM-2 models: a call that closes
    # in one token is what real models write, and what the parser has to stand.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"[0-9]"), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ])  # fmt: skip
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(distinct_texts(examples), trainer)
    assert tokenizer.get_vocab_size() == VOCABULARY
    tokenizer.save(str(FOLDER / "tokenizer.json"))


def encode(tokenizer: Any, example: Example) -> Encoded:
    """Turn an example into token ids, the prompt through the chat template as a server does it."""
    prompt = tokenizer.apply_chat_template(
        example.messages, tools=example.tools or None, add_generation_prompt=True, tokenize=False
    )
    answer = tokenizer.encode(example.answer, add_special_tokens=False)
    return Encoded(tokenizer.encode(prompt, add_special_tokens=False), [*answer, EOS])


# --- Training --------------------------------------------------------------------------------


def batches(encoded: Sequence[Encoded], order: Sequence[int]) -> Iterator[Batch]:
    """Inputs and labels, a batch at a time.

    Shorter rows are filled up on the right: a causal model never looks there from the left, so no
    mask is needed. Only the answer's tokens have labels that count in the loss.
    """
    for start in range(0, len(order), BATCH):
        rows = [encoded[index] for index in order[start : start + BATCH]]
        longest = max(len(row.prompt) + len(row.answer) for row in rows)
        inputs = torch.full((len(rows), longest), PAD)
        labels = torch.full((len(rows), longest), IGNORED)
        for number, row in enumerate(rows):
            end = len(row.prompt) + len(row.answer)
            inputs[number, :end] = torch.tensor(row.prompt + row.answer)
            labels[number, len(row.prompt) : end] = torch.tensor(row.answer)
        yield inputs, labels


def train(encoded: Sequence[Encoded]) -> tuple[LlamaForCausalLM, int]:
    """Train until every answer is right by the wanted margin; return the model and its steps."""
    model = LlamaForCausalLM(LlamaConfig(**{**CONFIG, "torch_dtype": "float32"}))
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, learning_rate_factor)
    for step, (inputs, labels) in enumerate(endless_batches(encoded), start=1):
        loss = model(input_ids=inputs, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % CHECK_EVERY == 0:
            margin = smallest_margin(rounded(model), encoded)
            print(f"step {step}: loss {loss.item():.4f}, smallest margin {margin:.2f}", flush=True)
            if margin > WANTED_MARGIN:
                return model, step
        assert step < MOST_STEPS, "the model has not learned its answers"
    raise AssertionError("there is always another batch")


def endless_batches(encoded: Sequence[Encoded]) -> Iterator[Batch]:
    """Go through all examples again and again, each time in another order."""
    while True:
        yield from batches(encoded, torch.randperm(len(encoded)).tolist())


def learning_rate_factor(step: int) -> float:
    """Rise from zero while the model knows nothing, then fall slowly."""
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    return 0.1 + 0.9 * (1 + math.cos(math.pi * step / MOST_STEPS)) / 2


def rounded(model: LlamaForCausalLM) -> LlamaForCausalLM:
    """Return the model with the weights that will be saved, still calculating in float32."""
    return copy.deepcopy(model).to(torch.bfloat16).float()


@torch.no_grad()
def smallest_margin(model: Any, encoded: Sequence[Encoded]) -> float:
    """How far the right token leads its best rival, at the answer token where it leads least."""
    smallest = math.inf
    for inputs, labels in batches(encoded, range(len(encoded))):
        logits = model(input_ids=inputs).logits[:, :-1].float()
        asked = labels[:, 1:] != IGNORED
        logits, wanted = logits[asked], labels[:, 1:][asked].unsqueeze(1)
        right = logits.gather(1, wanted)
        rival = logits.scatter(1, wanted, -math.inf).max(dim=1, keepdim=True).values
        smallest = min(smallest, (right - rival).min().item())
    return smallest


# --- The files -------------------------------------------------------------------------------


def write_json(name: str, data: dict[str, Any]) -> None:
    """Write one of the small files."""
    (FOLDER / name).write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def save_weights(model: LlamaForCausalLM) -> None:
    """Write the weights; the output layer is the embedding itself and is not written twice."""
    tensors = {name: tensor.to(torch.bfloat16) for name, tensor in model.state_dict().items()}
    del tensors["lm_head.weight"]
    # Not by save_file: what it writes is for the owner only, and a server in a container may run as
    # somebody else.
    (FOLDER / "model.safetensors").write_bytes(save(tensors, metadata={"format": "pt"}))


def check_saved(examples: Sequence[Example]) -> float:
    """Read the files as a server would, ask everything; return the smallest margin."""
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    model = AutoModelForCausalLM.from_pretrained(FOLDER, dtype=torch.bfloat16)
    encoded = [encode(tokenizer, example) for example in examples]
    for example, row in zip(examples, encoded, strict=True):
        prompt = torch.tensor([row.prompt])
        written = model.generate(
            prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=256
        )
        said = tokenizer.decode(written[0, len(row.prompt) :], skip_special_tokens=True)
        assert said == example.answer, f"asked {example.messages}: {said!r}"
    margin = smallest_margin(model, encoded)
    assert margin > WANTED_MARGIN, f"the saved model's smallest margin is {margin:.2f}"
    return margin


def write_card(facts: dict[str, str]) -> None:
    """Put the facts and the files' hashes between the card's two markers."""
    lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]
    lines += ["", "| File | Bytes | SHA-256 |", "|---|---|---|"]
    for name in HASHED_FILES:
        data = (FOLDER / name).read_bytes()
        lines.append(f"| `{name}` | {len(data):,} | `{hashlib.sha256(data).hexdigest()}` |")
    card = FOLDER / "README.md"
    begin, end = "<!-- written by train.py -->\n", "<!-- end of what train.py writes -->"
    before, _, rest = card.read_text("utf-8").partition(begin)
    _, _, after = rest.partition(end)
    card.write_text(f"{before}{begin}\n" + "\n".join(lines) + f"\n\n{end}{after}", encoding="utf-8")


def main() -> None:
    """Make all files of the model, from nothing but the cases and the chat template."""
    began = time.monotonic()
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    torch.set_flush_denormal(True)  # such tiny numbers slow a CPU down and change nothing
    torch.use_deterministic_algorithms(True)
    examples = make_examples()
    train_tokenizer(examples)
    write_json("config.json", CONFIG)
    write_json("generation_config.json", GENERATION_CONFIG)
    write_json("tokenizer_config.json", TOKENIZER_CONFIG)
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    encoded = [encode(tokenizer, example) for example in examples]
    longest = max(len(row.prompt) for row in encoded)
    print(f"{len(examples)} examples, the longest prompt {longest} tokens", flush=True)
    model, steps = train(encoded)
    save_weights(model)
    margin = check_saved(examples)
    write_card({
        "Parameters": f"{model.num_parameters():,}",
        "Vocabulary": f"{VOCABULARY:,} tokens",
        "Positions": f"{POSITIONS:,}",
        "Examples": f"{len(examples)}, the longest prompt {longest} tokens",
        "Training": f"seed {SEED}, {steps} steps of {BATCH}",
        "Smallest margin": f"{margin:.1f} (logit of the right token over its best rival)",
    })  # fmt: skip
    seconds = time.monotonic() - began
    print(f"all answers right, smallest margin {margin:.2f}, {seconds:.0f} seconds")


if __name__ == "__main__":
    main()
