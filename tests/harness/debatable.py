"""What can be said of an answer where nobody can say what is right: its form, and that streamed agrees with whole."""

import json
from dataclasses import replace
from typing import Any

from tests.harness.checks.registry import form
from tests.harness.records.case import Case, ExpectedCall, Mode
from tests.harness.records.reply import Choice, Reply


def settled(case: Case, whole: Reply | None) -> Case:
    """A debatable case with the whole answer as what is right."""
    choice = whole.choice if whole else None
    if case.debatable is None or choice is None:
        return case
    calls = tuple(
        ExpectedCall(call.name or "", arguments)
        for call in choice.tool_calls
        if (arguments := _object(call.arguments)) is not None
    )
    return replace(case, calls=calls, content=choice.content)


def checks_to_ask(case: Case, mode: Mode, reply: Reply, whole: Reply | None) -> frozenset[str] | None:
    """Ids of the checks that have something to hold an answer against; None: all of them."""
    if case.cut is not None:
        return form()
    if case.debatable is None:
        return None
    agrees = whole is not None and _comparable(reply.choice) == _comparable(whole.choice)
    return form() if mode == "whole" or agrees else None


def _comparable(choice: Choice | None) -> object:
    if choice is None:
        return None
    calls = [(call.name, _object(call.arguments) or call.arguments) for call in choice.tool_calls]
    return calls, (choice.content or "").strip()


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
