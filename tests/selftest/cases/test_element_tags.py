"""Tags of values that readers cannot hold, and of elements that are no calls."""

import pytest

from tests.harness.cases.element_tags import ELEMENT_TAGS, element_tags

CALL = '{"name": "get", "arguments": {"key": "a"}}'


def array(*elements: str) -> str:
    return f"[{', '.join(elements)}]"


def with_value(value: str) -> str:
    return array(f'{{"name": "get", "arguments": {{"key": {value}}}}}')


HAS = [
    ("half-surrogate", with_value(r'"\ud83d"')),
    ("half-surrogate", with_value(r'"\uDC00a"')),
    ("half-surrogate", with_value(r'"\ud83d\ud83d\ude80"')),
    ("number-no-json", with_value("1e999")),
    ("number-no-json", with_value("-1E+400")),
    ("number-no-json", with_value("NaN")),
    ("number-no-json", with_value("-Infinity")),
    ("integer-beyond-python", with_value("7" * 4301)),
    ("beyond-the-stack", with_value("[" * 1000 + "]" * 1000)),
    ("element-no-object", array(CALL, "5")),
    ("element-no-object", array("null", CALL)),
    ("element-no-object", array("[]", CALL)),
    ("element-nameless", array(CALL, "{}")),
    ("element-nameless", array('{"name": null, "arguments": {}}', CALL)),
    ("bad-call", array(CALL, '{"name": "get", "arguments": null}')),
    ("bad-call", array('{"name": 7, "arguments": {}}', CALL)),
    ("further-fence", f"```json\n{array(CALL)}\n```\n```python\nx\n```"),
    ("further-fence", f"```\nx\n```\n```json\n{array(CALL)}\n```"),
]
LACKS = [
    ("half-surrogate", with_value(r'"\ud83d\ude80"')),
    ("half-surrogate", with_value(r'"\\ud83d"')),
    ("number-no-json", with_value("1e300")),
    ("number-no-json", with_value('"NaN, 1e999"')),
    ("integer-beyond-python", with_value("7" * 4300)),
    ("beyond-the-stack", with_value("[" * 500 + "]" * 500)),
    ("beyond-the-stack", with_value('"' + "[" * 1000 + '"')),
    ("element-no-object", array(CALL, CALL)),
    ("element-no-object", "[1, 2]"),
    ("element-nameless", array(CALL, CALL)),
    ("bad-call", array(CALL, '{"name": "get", "arguments": "{}"}')),
    ("bad-call", array('{"arguments": {}}', CALL)),
    ("further-fence", f"```json\n{array(CALL)}\n```"),
    ("further-fence", array(with_value('"```a``` ```"')[1:-1])),
]


@pytest.mark.parametrize(("tag", "text"), HAS)
def test_a_text_has_a_tag(tag: str, text: str) -> None:
    assert tag in element_tags(text)


@pytest.mark.parametrize(("tag", "text"), LACKS)
def test_a_text_lacks_a_tag(tag: str, text: str) -> None:
    assert tag not in element_tags(text)


def test_each_tag_is_shown_and_refuted() -> None:
    assert {tag for tag, _ in HAS} == {tag for tag, _ in LACKS} == set(ELEMENT_TAGS)
