"""The ledger's files: read as they are, refused with a line that says what to change."""

from pathlib import Path

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.known_issue import Shows
from tests.harness.judging.ledger.load import Words, load_known_issues
from tests.harness.session.ledger import read_ledger
from tests.selftest.judging.ledger.entries import VOCABULARY

ENTRY = """
[[issue]]
id = "sent-twice"
versions = ">=0.23.0"
parsers = ["xlam"]
modes = ["stream"]
cuts = ["name-cut"]
tags = []
strength = "may"
harm = "wrong-call"
why = "The end of the stream sends the arguments again."
users = "streamed arguments arrive twice"
upstream = "https://github.com/vllm-project/vllm/issues/51697"
last_seen = "0.32.0"
because = "The hour of the day decides whether it shows."
shows = [{ check = "arguments-json", symptoms = ["glued-twice"] }]
"""
BECAUSE = 'because = "The hour of the day decides whether it shows."'
WORDS = Words(
    checks=VOCABULARY,
    parsers={"xlam", "any-parser"},
    tags={"several-calls", "calls=", "bad=one", "bad=other"},
    cuts={"name-cut", "one-delta"},
    cases={f"call-{number}" for number in range(900)},
)


def load(folder: Path, text: str, name: str = "a.toml") -> object:
    (folder / name).write_text(text)
    return load_known_issues(WORDS, folder)


def test_an_entry_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(ENTRY)
    (issue,) = load_known_issues(WORDS, tmp_path)
    assert (issue.id, issue.cuts, issue.strength) == ("sent-twice", ("name-cut",), "may")
    assert issue.shows == (Shows("arguments-json", ("glued-twice",)),)
    assert issue.source == str(tmp_path / "a.toml")


def test_tags_are_those_of_a_kind_or_named_one_by_one(tmp_path: Path) -> None:
    assert load(tmp_path, ENTRY.replace("tags = []", 'tags = ["several-calls", "calls=2", "bad=one"]'))


def test_no_file_is_no_known_issue(tmp_path: Path) -> None:
    assert load_known_issues(WORDS, tmp_path) == ()


@pytest.mark.parametrize(
    ("line", "other", "field", "says"),
    [
        ('id = "sent-twice"', 'id = "Sent twice"', "field id", "does not match"),
        ('versions = ">=0.23.0"', 'versions = "0.23 and newer"', "field versions", "no version specifier"),
        ('versions = ">=0.23.0"', 'versions = ""', "field versions", "non-empty"),
        ('parsers = ["xlam"]', "parsers = []", "field parsers", "non-empty"),
        ('modes = ["stream"]', 'modes = ["streamed"]', "field modes.0", "not one of"),
        ('cuts = ["name-cut"]', 'cuts = ["name"]', "field cuts", "one of name-cut, one-delta"),
        (
            'parsers = ["xlam"]',
            'parsers = ["xlan"]',
            "field parsers",
            "'xlan'; right would be: one of any-parser, xlam",
        ),
        ("tags = []", 'tags = ["several-call"]', "field tags", "one of calls=, several-calls"),
        (
            "tags = []",
            'tags = ["bad=on"]',
            "field tags",
            "'bad=on'; right would be: one of bad=one, bad=other",
        ),
        ("tags = []", 'tags = ["call=2"]', "field tags", "one of calls=, several-calls"),
        ('modes = ["stream"]', 'modes = ["whole"]', "field modes", 'right would be: ["stream"], or no cuts'),
        ('modes = ["stream"]', 'modes = ["stream", "whole"]', "field modes", "a whole answer has no cut"),
        (BECAUSE, "", "field because", "a `may` does not say why"),
        ('strength = "may"', 'strength = "must"', "field because", "a `must` has a reason to be a `may`"),
        (
            "tags = []",
            'tags = []\ncases = ["call-12", "cal-700"]',
            "field cases",
            "no case 'cal-700'; right would be: such as call-70, call-700, call-",
        ),
        ('strength = "may"', 'strength = "should"', "field strength", "not one of"),
        ('harm = "wrong-call"', 'harm = "bad"', "field harm", "not one of"),
        ('why = "The end of the stream sends the arguments again."', 'why = "x"', "field why", "too short"),
        ('users = "streamed arguments arrive twice"', "", "entry", "'users' is a required property"),
        ("streamed arguments arrive twice", "Arguments arrive twice.", "field users", "does not match"),
        ("https://github.com/vllm-project/vllm/issues/51697", "#51697", "field upstream", "does not match"),
        (
            "https://github.com/vllm-project/vllm/issues/51697",
            "unreported.md#gone",
            "field upstream",
            "no heading 'gone'",
        ),
        ('last_seen = "0.32.0"', 'last_seen = "main"', "field last_seen", "no released version"),
        ('last_seen = "0.32.0"', "", 'issue "sent-twice"', "'last_seen' is a required property"),
        ('check = "arguments-json"', 'check = "arguments"', "field shows.check", "no check 'arguments'"),
        ('"glued-twice"', '"glued"', "field shows.symptoms", "one of empty, glued-twice"),
        ('"glued-twice"] }', '"glued-twice"], got = "(" }', "field shows.got", "no regular expression"),
        ("tags = []", "tags = []\nseverity = 3", 'issue "sent-twice"', "'severity' was unexpected"),
        ("tags = []", "tags = [", "a.toml", "not TOML"),
    ],
)
def test_a_wrong_entry_is_refused_in_one_line(
    tmp_path: Path, line: str, other: str, field: str, says: str
) -> None:
    assert line in ENTRY
    with pytest.raises(UsageProblem) as caught:
        load(tmp_path, ENTRY.replace(line, other))
    message = str(caught.value)
    assert message.startswith(str(tmp_path / "a.toml"))
    assert field in message
    assert says in message
    assert "\n" not in message


def test_an_id_is_used_once_in_all_files(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(ENTRY)
    with pytest.raises(
        UsageProblem, match=r'b\.toml: issue "sent-twice", field id: .*a\.toml has it already'
    ):
        load(tmp_path, ENTRY, "b.toml")


def test_the_ledger_of_this_suite_is_right() -> None:
    issues = read_ledger()
    assert {"arguments-sent-twice", "list-index-error-frame"} <= {issue.id for issue in issues}
