"""Train the fixture model again: `PYTHON tests/fixture_model/train.py`, with the Python of a process target.

Reads the suite's own cases, so that the model answers what the suite asks. Seeded; about two minutes on two cores.
Needs torch, transformers, tokenizers, jinja2 and safetensors, all of which vLLM brings.
"""

import hashlib
import json
import random
import re
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from tests.harness.catalogue.tools import run_tool  # noqa: E402 - the tools that the suite really runs

SEED = 17
VOCABULARY = 560
POSITIONS = 65_536
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
STEPS = 500
BATCH = 12
LEARNING_RATE = 3e-3
SMALLEST_MARGIN = 2.0
"""Logits between the right token and the next best: rounding, batching and other kernels must not flip an answer."""
NO_TOOLS = "I have no tools at hand, so I cannot look that up."
SMALL_TALK = "I can help with the weather, sums and translations."
SMALL_TALK_PROMPTS = ["Hello", "Who are you?", "What can you do?", "Tell me about Paris", "Thanks"]
CARD_FILES = [
    "chat_template.jinja", "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
]  # fmt: skip
Message = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """A conversation and what the model is to answer."""

    messages: list[Message]
    tools: list[Message]
    answer: str


def main() -> None:
    """Train, save, check what was saved, write the card's table."""
    began = time.monotonic()
    random.seed(SEED)
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    torch.use_deterministic_algorithms(mode=True)
    examples = all_examples()
    tokenizer = train_tokenizer(examples)
    model = new_model(tokenizer)
    train(model, tokenizer, examples)
    save(model, tokenizer)
    margin = smallest_margin(LlamaForCausalLM.from_pretrained(HERE, dtype=torch.float32), tokenizer, examples)
    seconds = time.monotonic() - began
    print(f"{len(examples)} examples, smallest margin {margin:.2f}, {seconds:.0f} s")
    if margin < SMALLEST_MARGIN:
        raise SystemExit(f"the smallest margin is below {SMALLEST_MARGIN}: train longer")
    write_card(model, len(examples), margin)


def all_examples() -> list[Example]:
    """Every case of the natural topics: both rounds, both history shapes, with and without tools."""
    definitions = json.loads((ROOT / "tests/cases/tools.json").read_text())
    tools = {
        name: {"type": "function", "function": {"name": name, **entry}} for name, entry in definitions.items()
    }
    found = [
        example
        for topic in ("scenarios", "plain")
        for example in topic_examples(tomllib.loads((ROOT / f"tests/cases/{topic}.toml").read_text()), tools)
    ]
    for prompt in SMALL_TALK_PROMPTS:
        for offered in ([], list(tools.values())[:3], list(tools.values())):
            found.append(Example([user(prompt)], offered, SMALL_TALK))
    return found


def topic_examples(topic: Message, tools: dict[str, Message]) -> list[Example]:
    """The examples of one file of cases."""
    found = []
    for case in topic["case"]:
        names = case.get("tools", topic["defaults"]["tools"])
        offered = [tools[name] for name in names]
        calls = [{"name": call["name"], "arguments": json.loads(call["arguments"])} for call in case["calls"]]
        answer = json.dumps(calls, ensure_ascii=False) if calls else case["content"]
        question = [user(case["user"])]
        found.append(Example(question, offered, answer))
        if calls:
            found += [Example(question, variant, answer) for variant in (offered[::-1], list(tools.values()))]
            found.append(Example(question, [], NO_TOOLS))
            found += follow_ups(question, calls, offered, case["follow_up"]["answer"])
    return found


def follow_ups(question: list[Message], calls: list[Message], offered: list[Message], answer: str) -> list[Example]:
    """Round two in both history shapes, with and without tools on offer."""
    turns = [{"role": "assistant", "content": None, "tool_calls": [{"function": call}]} for call in calls]
    together = [{"role": "assistant", "content": None, "tool_calls": [{"function": call} for call in calls]}]
    results = [{"role": "tool", "content": run_tool(call["name"], call["arguments"])} for call in calls]
    one_by_one = [turn for pair in zip(turns, results, strict=True) for turn in pair]
    histories = [together + results, one_by_one] if len(calls) > 1 else [one_by_one]
    return [Example(question + history, tools, answer) for history in histories for tools in ([], offered)]


def user(text: str) -> Message:
    """A user's message."""
    return {"role": "user", "content": text}


def train_tokenizer(examples: list[Example]) -> PreTrainedTokenizerFast:
    """A byte-level BPE: every byte is a token, so any text can be written."""
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    texts = [json.dumps([example.messages, example.tools], ensure_ascii=False) for example in examples]
    backend.train_from_iterator(texts + [example.answer for example in examples], trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token=SPECIAL[0],
        eos_token=SPECIAL[2],
        pad_token=SPECIAL[0],
        chat_template=(HERE / "chat_template.jinja").read_text(),
        model_max_length=POSITIONS,
        clean_up_tokenization_spaces=False,
    )


def new_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """A Llama of two layers, as small as it can be and still learn to copy."""
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=128,
            intermediate_size=256,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=4,
            max_position_embeddings=POSITIONS,
            tie_word_embeddings=True,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def encode(tokenizer: PreTrainedTokenizerFast, example: Example) -> tuple[list[int], int]:
    """Token ids of the whole conversation, and where the answer begins."""
    prompt = tokenizer.apply_chat_template(
        example.messages, tools=example.tools or None, add_generation_prompt=True, tokenize=False
    )
    asked = tokenizer.encode(prompt, add_special_tokens=False)
    answer = tokenizer.encode(example.answer, add_special_tokens=False)
    return [*asked, *answer, tokenizer.eos_token_id], len(asked)


def train(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, examples: list[Example]) -> None:
    """Minimise the loss on the answers alone; sequences of like length go together."""
    encoded = sorted((encode(tokenizer, example) for example in examples), key=lambda pair: len(pair[0]))
    batches = [encoded[start : start + BATCH] for start in range(0, len(encoded), BATCH)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=STEPS)
    model.train()
    for step in range(STEPS):
        ids, labels = padded(random.choice(batches), tokenizer.pad_token_id)
        loss = model(input_ids=ids, attention_mask=(labels != -1).long(), labels=labels.masked_fill(labels < 0, -100)).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == STEPS - 1:
            print(f"step {step:4d}  loss {loss.item():.4f}", flush=True)


def padded(batch: list[tuple[list[int], int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and labels of a batch; a label is -2 in the prompt and -1 in the padding."""
    longest = max(len(ids) for ids, _ in batch)
    rows = [ids + [pad] * (longest - len(ids)) for ids, _ in batch]
    labels = [[-2] * asked + ids[asked:] + [-1] * (longest - len(ids)) for ids, asked in batch]
    return torch.tensor(rows), torch.tensor(labels)


def save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast) -> None:
    """Write the files that vLLM reads."""
    model.to(torch.bfloat16).save_pretrained(HERE)
    tokenizer.save_pretrained(HERE)
    generation = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    (HERE / "generation_config.json").write_text(json.dumps(generation, indent=2) + "\n")


def smallest_margin(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, examples: list[Example]) -> float:
    """Over every token of every answer: logit of the right token less that of the best wrong one."""
    smallest = float("inf")
    model.eval()
    with torch.no_grad():
        for example in examples:
            ids, asked = encode(tokenizer, example)
            logits = model(input_ids=torch.tensor([ids])).logits[0, asked - 1 : -1]
            right = torch.tensor(ids[asked:]).unsqueeze(1)
            own = logits.gather(1, right)
            best_wrong = logits.scatter(1, right, float("-inf")).max(dim=1, keepdim=True).values
            margin = float((own - best_wrong).min())
            if margin < SMALLEST_MARGIN:
                print(f"margin {margin:.2f}: {example.messages[0]['content']!r} with {len(example.tools)} tools")
            smallest = min(smallest, margin)
    return smallest


def write_card(model: LlamaForCausalLM, examples: int, margin: float) -> None:
    """Put figures and checksums between the card's markers, so that card and files cannot drift apart."""
    card = HERE / "README.md"
    rows = [f"| `{name}` | {hashlib.sha256((HERE / name).read_bytes()).hexdigest()} |" for name in CARD_FILES]
    facts = [
        f"parameters: {sum(parameter.numel() for parameter in model.parameters())}",
        f"vocabulary: {model.config.vocab_size}",
        f"positions: {POSITIONS}",
        f"training: seed {SEED}, {STEPS} steps, {examples} examples, smallest margin {margin:.2f}",
    ]
    table = "\n".join([*(f"- {fact}" for fact in facts), "", "| file | sha256 |", "| --- | --- |", *rows])
    text = re.sub(r"(?s)(<!-- facts -->\n).*(<!-- end -->)", lambda found: found[1] + table + "\n" + found[2], card.read_text())
    card.write_text(text)


if __name__ == "__main__":
    main()
