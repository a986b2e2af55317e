"""The files of bad requests, and what a damaged one is told."""

from pathlib import Path

import pytest

from tests.harness.cases.bad_requests import load_bad_requests
from tests.harness.cases.load import load_cases
from tests.harness.core.records.errors import UsageProblem
from tests.harness.suites.bad_requests.wording import content_of

ALL = load_bad_requests()


def test_there_are_many_and_each_goes_over_the_wire_in_its_own_way() -> None:
    assert len(ALL) >= 60
    sent: dict[tuple[object, ...], str] = {}
    twins = [
        (bad.id, first)
        for bad in ALL
        if (
            first := sent.setdefault(
                (bad.method, bad.path, bad.key, str(bad.headers), content_of(bad, "m")), bad.id
            )
        )
        != bad.id
    ]
    assert twins == []


def test_no_case_has_the_id_of_one() -> None:
    assert {bad.id for bad in ALL}.isdisjoint(case.id for case in load_cases())


def test_a_file_s_path_is_that_of_its_requests_and_a_tag(tmp_path: Path) -> None:
    entry = '[[request]]\nid = "{}"\nwhy = "long enough"\nset = "{{}}"\n'
    own = entry.format("b") + 'path = "/tokenize"\n'
    file = f'topic = "bad-x"\npath = "/v1/messages"\n{entry.format("a")}{own}'
    (tmp_path / "x.toml").write_text(file)
    (tmp_path / "y.toml").write_text(f'topic = "bad-y"\n{entry.format("c")}')
    found = load_bad_requests(tmp_path)
    assert [bad.path for bad in found] == ["/v1/messages", "/tokenize", "/v1/chat/completions"]
    assert [bad.tags for bad in found] == [{f"bad={bad.id}", f"path={bad.path}"} for bad in found]


def test_no_marker_is_left_in_what_is_sent() -> None:
    marks = (b"{{model}}", b"{{fill}}", b"{{end}}")
    assert not [bad.id for bad in ALL for mark in marks if mark in content_of(bad, "m")]


def test_the_model_s_name_is_written_as_json() -> None:
    (cut,) = [bad for bad in ALL if bad.id == "body-cut-short"]
    assert b'"model": "a\\"b"' in content_of(cut, 'a"b')


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('id = "a"\nwhy = "too short"', "'too short' is too short"),
        ('id = "a"\nwhy = "long enough"\nbody = "{}"\nset = "{}"', "should not be valid under"),
        ('id = "a"\nwhy = "long enough"\nset = "{"', r'request "a", field set: not JSON'),
        ('id = "a"\nwhy = "long enough"\nset = "[]"', r'request "a", field set: a JSON object is wanted'),
        (
            'id = "a"\nwhy = "long enough"\n[[request]]\nid = "a"\nwhy = "and once more"',
            r"field id: .* has it",
        ),
    ],
)
def test_a_damaged_entry_is_told_with_its_place(entry: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(f'topic = "bad-x"\n[[request]]\n{entry}\n')
    with pytest.raises(UsageProblem, match=says):
        load_bad_requests(tmp_path)
