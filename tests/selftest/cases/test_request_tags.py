"""Tags say what a request asks for, in the words of whichever address."""

from dataclasses import replace
from typing import Any

import pytest

from tests.harness.cases.request_tags import terms_tags
from tests.harness.core.records.case import Case, ExpectedCall, RequestOptions

CASE = Case("made-up", "self-test", "xlam", "for a self-test", (), (), (ExpectedCall("get", {"key": "a"}),))


def tags(case: Case = CASE, **request: Any) -> set[str]:
    options = replace(case.request_options, request=request)
    found = terms_tags(replace(case, request_options=options))
    return {tag for tag in found if not tag.startswith("request=")}


@pytest.mark.parametrize(
    ("choice", "kind"),
    [
        ("required", "required"),
        ({"type": "function", "function": {"name": "get"}}, "named"),
        ({"type": "auto"}, "auto"),
        ({"type": "none"}, "none"),
        ({"type": "any"}, "required"),
        ({"type": "tool", "name": "get"}, "named"),
        ({"type": "function", "name": "get"}, "named"),
        ({"type": "allowed_tools", "mode": "auto", "tools": []}, "auto"),
        ({"type": "allowed_tools", "mode": "required", "tools": []}, "required"),
    ],
)
def test_a_choice_is_of_one_kind_in_all_words(choice: Any, kind: str) -> None:
    assert tags(tool_choice=choice) == {f"tool-choice={kind}"}


def test_one_call_may_be_wanted_in_the_words_of_either_address() -> None:
    assert "one-call-wanted" in tags(parallel_tool_calls=False)
    assert "one-call-wanted" in tags(tool_choice={"type": "any", "disable_parallel_tool_use": True})
    many = {"type": "any", "disable_parallel_tool_use": False}
    assert "one-call-wanted" not in tags(tool_choice=many) | tags(parallel_tool_calls=True) | tags()
    assert tags(parallel_tool_calls=None) == {"null=parallel_tool_calls"}


def test_an_answer_that_a_limit_or_a_sequence_cuts_ends_early() -> None:
    cut = replace(CASE, text="[1]", cut=5)
    limited = replace(CASE, request_options=RequestOptions(allowed_finish_reasons=("length",)))
    either = replace(CASE, request_options=RequestOptions(allowed_finish_reasons=("length", "stop")))
    assert tags(cut) == {"ends-early"}
    assert tags(limited, max_tokens=1) == {"ends-early", "limited"}
    assert tags(replace(CASE, text="a b"), stop_sequences=["b"]) == {"ends-early", "stopped"}
    assert tags(either) == set()


def test_a_history_of_items_without_a_role_has_tags() -> None:
    items = ({"type": "function_call", "name": "get"}, {"role": "tool", "content": "x"})
    assert tags(replace(CASE, messages=items)) == {"history"}
    assert tags(replace(CASE, messages=items[:1])) == set()
