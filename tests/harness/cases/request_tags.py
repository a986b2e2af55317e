"""Tags of what a case asks for beside its question: the ledger names kinds of requests by them."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from tests.harness.core.records.case import Case


def terms_tags(case: Case) -> frozenset[str]:
    """Return all tags that a case's request and options give it."""
    return frozenset({tag for tag, holds in _TAGS.items() if holds(case)} | set(_of_request(case)))


def _of_request(case: Case) -> Iterator[str]:
    """Yield one for each parameter, one for each that is null, and one for the kind of a `tool_choice`."""
    for name, value in case.request_options.request.items():
        yield f"request={name}"
        if value is None:
            yield f"null={name}"
        elif name == "tool_choice":
            yield f"tool-choice={kind_of_choice(value)}"


def kind_of_choice(choice: Any) -> str:
    """Return the kind of a choice in the words of the chat address, whatever the address that it is worded for."""
    match choice:
        case None:
            return "auto"
        case str():
            return choice
        case {"type": "any"}:
            return "required"
        case {"type": "auto" | "none" as kind} | {"type": "allowed_tools", "mode": str(kind)}:
            return kind
    return "named"


def named_tool(choice: Any) -> str | None:
    """Return the name of the one tool that a choice demands, whatever the address; None: it names none."""
    match choice:
        case {"function": {"name": str(name)}} | {"name": str(name)}:
            return name
    return None


def _wants_one_call(case: Case) -> bool:
    request = case.request_options.request
    choice = request.get("tool_choice")
    forbids = isinstance(choice, dict) and choice.get("disable_parallel_tool_use") is True
    return forbids or request.get("parallel_tool_calls") is False


def _definitions_of_one_name(case: Case) -> bool:
    """Return whether two tools define other things under one name."""
    per_tool = [tool["function"].get("parameters", {}).get("$defs", {}) for tool in case.tools]
    distinct = {
        (name, json.dumps(schema)) for definitions in per_tool for name, schema in definitions.items()
    }
    return max(Counter(name for name, _ in distinct).values(), default=1) > 1


_TAGS: Mapping[str, Callable[[Case], bool]] = MappingProxyType(
    {
        "open": lambda case: case.free_form is not None,
        "open-without-tools": lambda case: case.free_form is not None and not case.tools,
        "history": lambda case: any(message.get("role") == "tool" for message in case.messages),
        "may-refuse": lambda case: case.request_options.may_refuse,
        "limited": lambda case: case.request_options.allowed_finish_reasons == ("length",),
        "ends-early": lambda case: (
            case.ends_early or case.request_options.allowed_finish_reasons == ("length",)
        ),
        "one-call-wanted": _wants_one_call,
        "stopped": lambda case: case.cut is None and case.ends_early,
        "cut-at-end": lambda case: case.cut is not None and case.emitted_text == case.text,
        "no-parameters": lambda case: any("parameters" not in tool["function"] for tool in case.tools),
        "definitions-of-one-name": _definitions_of_one_name,
    }
)
_CHOICES = ("auto", "none", "required", "named")
TERMS_TAGS = frozenset({*_TAGS, "request=", "null=", *(f"tool-choice={kind}" for kind in _CHOICES)})
"""All of them; one that ends in `=` stands for all that begin so."""
