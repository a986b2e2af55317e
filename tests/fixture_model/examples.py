"""What the fixture model learns: the suite's cases, asked in several ways, and a few questions beside them."""

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.harness.cases.tools import run_tool

FOLDER = Path(__file__).parent
CASES = FOLDER.parent / "cases"

# Whatever the cases do not ask is answered with one sentence. These few stand for all the rest.
OTHER_PROMPTS = [
    "Hello",
    "Hi, who are you?",
    "What can you do?",
    "Thank you!",
    "Write a poem about the sea",
    "What is the capital of France?",
    "Explain how a computer works",
    "Please answer the question.",
]
OTHER_ANSWER = "I can help with the weather, sums and translations."

Message = dict[str, Any]
Tool = dict[str, Any]
Calls = list[tuple[str, Any]]  # names and arguments


@dataclass(frozen=True)
class Example:
    """One thing to learn: what was said so far, the tools on offer, and the right answer."""

    messages: list[Message]
    tools: list[Tool]
    answer: str


def read_tools() -> dict[str, Tool]:
    """Read the tools of the cases, in the form in which the API takes them."""
    definitions = json.loads((CASES / "tools.json").read_text("utf-8"))
    return {
        name: {"type": "function", "function": {"name": name, **definition}}
        for name, definition in definitions.items()
    }


def read_cases() -> list[dict[str, Any]]:
    """Read the cases that the model must answer itself, each with its file's defaults."""
    cases = []
    for name in ("scenarios.toml", "plain.toml"):
        data = tomllib.loads((CASES / name).read_text("utf-8"))
        cases += [{**data.get("defaults", {}), **case} for case in data["case"]]
    return cases


def make_examples() -> list[Example]:
    """Everything the model learns, in an order that never changes."""
    tools = read_tools()
    examples = []
    for case in read_cases():
        calls = [(call["name"], json.loads(call["arguments"])) for call in case["calls"]]
        examples += first_rounds(case, calls, tools)
        if "follow_up" in case:
            examples += follow_ups(case, calls, tools)
    return examples + other_prompts(tools)


def first_rounds(case: dict[str, Any], calls: Calls, tools: dict[str, Tool]) -> list[Example]:
    """The user's question with tools offered in several ways, and with none at all."""
    question = [{"role": "user", "content": case["user"]}]
    answer = case["content"] if not calls else xlam_text(calls)
    without_tools = answer if not calls else OTHER_ANSWER
    offered = [Example(question, chosen, answer) for chosen in offers(case, calls, tools)]
    return [*offered, Example(question, [], without_tools)]


def offers(case: dict[str, Any], calls: Calls, tools: dict[str, Tool]) -> list[list[Tool]]:
    """The tools of a case: as given, turned round, all that there are, and only those needed."""
    given = [tools[name] for name in case["tools"]]
    needed = [tools[name] for name in tools if name in {called for called, _ in calls}]
    every = list(tools.values())
    ways = [given, given[::-1], every, every[::-1], needed]
    return [way for number, way in enumerate(ways) if way and way not in ways[:number]]


def follow_ups(case: dict[str, Any], calls: Calls, tools: dict[str, Tool]) -> list[Example]:
    """The round after the tools ran: both shapes of history, with tools offered and without."""
    given = [tools[name] for name in case["tools"]]
    question = {"role": "user", "content": case["user"]}
    return [
        Example([question, *history], chosen, case["follow_up"]["answer"])
        for history in histories(calls)
        for chosen in ([], given, list(tools.values()))
    ]


def histories(calls: Calls) -> list[list[Message]]:
    """All calls in one assistant message; and one assistant message a call."""
    asked = [{"type": "function", "function": {"name": n, "arguments": a}} for n, a in calls]
    results = [{"role": "tool", "content": run_tool(n, a)} for n, a in calls]
    together = [{"role": "assistant", "content": None, "tool_calls": asked}, *results]
    one_by_one: list[Message] = []
    for call, result in zip(asked, results, strict=True):
        one_by_one += [{"role": "assistant", "tool_calls": [call]}, result]
    # A single call looks the same in both shapes.
    return [together] if len(calls) == 1 else [together, one_by_one]


def other_prompts(tools: dict[str, Tool]) -> list[Example]:
    """A few questions that no case asks, so that the model has something to say to others."""
    every = list(tools.values())
    return [
        Example([{"role": "user", "content": prompt}], chosen, OTHER_ANSWER)
        for prompt in OTHER_PROMPTS
        for chosen in ([], every[:3], every)
    ]


def xlam_text(calls: Calls) -> str:
    """Write calls as the xLAM models write them: one JSON array."""
    return json.dumps([{"name": n, "arguments": a} for n, a in calls], ensure_ascii=False)


def distinct_texts(examples: Sequence[Example]) -> list[str]:
    """Each sentence and tool once: counted again and again, they would grow into single tokens."""
    texts = [example.answer for example in examples]
    texts += [message.get("content") or "" for example in examples for message in example.messages]
    texts += [compact(tool) for example in examples for tool in example.tools]
    template = (FOLDER / "chat_template.jinja").read_text("utf-8")
    texts += re.findall(r"'((?:\\n)?[A-Z][^'\n]+)'", template)  # its sentences
    return list(dict.fromkeys(texts))


def compact(tool: Tool) -> str:
    """Write a tool as the chat template writes it."""
    return json.dumps(tool, ensure_ascii=False, separators=(",", ":"))
