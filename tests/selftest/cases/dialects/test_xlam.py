"""Each form and layout of the table can be read by the documents, whatever the letters and the order of the keys."""

import json
from itertools import product

import pytest

from tests.harness.cases.dialects.support.json_calls import LAYOUTS, Layout
from tests.harness.cases.dialects.xlam import FORMS, Form, Style, write
from tests.harness.core.records.case import ExpectedCall
from tests.selftest.reference_reader import read

CALLS = (
    ExpectedCall("get_weather", {"city": "東京", "days": [1, 2], "at": {"hour": 6}}),
    ExpectedCall("get_time", {}),
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: repr(form.before + form.after))
def test_a_form_is_read_as_it_says_in_every_layout(form: Form) -> None:
    for layout, escaped, arguments_first in product(LAYOUTS, (False, True), (False, True)):
        written = write(CALLS, (), Style(form, layout, escaped, arguments_first))
        answer = read(written.text)
        assert [(call.name, json.loads(call.arguments)) for call in answer.calls] == [
            (call.name, call.arguments) for call in CALLS
        ]
        assert answer.content in (written.contents or (written.content,))


def test_a_form_that_the_calls_do_not_allow_is_left_out() -> None:
    marked = next(form for form in FORMS if form.closed_by == "</tool_call>")
    one_line = next(form for form in FORMS if form.one_line)
    closing = [ExpectedCall("remember", {"text": "a </tool_call> b"})]
    assert write(closing, (), Style(marked, Layout(), escaped=False, arguments_first=False)).text.startswith(
        "[{"
    )
    over_lines = Style(one_line, Layout(indent=1), escaped=False, arguments_first=False)
    assert write(CALLS, (), over_lines).text.startswith("[\n")
