"""Profiles: every one of ours can be read; a damaged one says where."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.cases.dialects.registry import dialect_named, dialect_read_by, known_dialects
from tests.harness.cases.profiles import (
    PROFILES,
    load_profile,
    settings_of,
    with_model_folder,
    with_parser,
)
from tests.harness.core.records.call_syntax import CallSyntax
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.profile import Profile
from tests.harness.servers.target_strings import parse_target
from tests.selftest.cases.dialects.lines import LINES


@pytest.mark.parametrize("name", sorted({path.stem for path in PROFILES.glob("*.toml")} - {"borrowed"}))
def test_ours_can_be_read(name: str) -> None:
    profile = load_profile(name)
    dialect = dialect_read_by(profile.parser)
    assert dialect is not None
    assert profile.syntax == dialect.syntax


def test_that_of_a_borrowed_server_names_no_parser() -> None:
    assert (load_profile("borrowed").parser, load_profile("borrowed").dialect) == ("", "")


def test_the_example_s_models_have_profiles() -> None:
    assert load_profile("xlam-llama-8b").model == "Salesforce/Llama-xLAM-2-8b-fc-r"
    assert load_profile("xlam-qwen-3b").model == "Salesforce/xLAM-2-3b-fc-r"
    assert load_profile("xlam-qwen-1b").model == "Salesforce/xLAM-2-1b-fc-r"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('model = "m"\nparser = "xlam"', "'why' is a required property"),
        ('why = "long enough"\nmodel = "m"\nparser = "xlam"\ncolour = "red"', "'colour'"),
        ('why = "long enough"\nmodel = "m"\nparser = "xlam"\nshm_size = "lots"', "field shm_size"),
        ('why = "long enough"\nmodel = "m"\nparser = "xlam"\nmodel_folder = "gone"', "field model_folder"),
        (
            'why = "long enough"\nmodel = "m"\nparser = "xlam"\n[wording]\nTokyo = "("',
            "field wording.Tokyo: not a regular",
        ),
        ('why = "long enough"', "'model' is a required property"),
        ('why = "long enough"\nextends = "gone"', "unknown profile 'gone'"),
        ('why = "long enough"\nextends = "other"', "field extends: 'other' extends another one itself"),
        ("why = ", "not TOML"),
        (
            'why = "long enough"\nmodel = "m"\nparser = "nobody-s"',
            "field dialect: no dialect is known that the parser 'nobody-s' reads; known are the parsers hermes, ",
        ),
        (
            'why = "long enough"\nmodel = "m"\nparser = "nobody-s"\ndialect = "nope"',
            "field dialect: unknown dialect 'nope'",
        ),
        (
            'why = "long enough"\nmodel = "m"\nparser = "xlam"\ndialect = "nope"',
            "field dialect: unknown dialect 'nope'",
        ),
    ],
)
def test_damage_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "other.toml").write_text('why = "long enough"\nextends = "bad"')
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(UsageProblem) as problem:
        load_profile("bad", tmp_path)
    assert str(tmp_path) in str(problem.value)
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)


def test_an_unknown_one_lists_those_there_are() -> None:
    with pytest.raises(UsageProblem, match=r"unknown profile 'nope'.*fixture"):
        load_profile("nope")


def test_an_extension_adds_to_what_it_extends() -> None:
    base, more = load_profile("fixture"), load_profile("fixture-ngram")
    assert (more.id, more.model, more.env) == ("fixture-ngram", base.model, base.env)
    assert more.args[: len(base.args)] == base.args
    assert more.args[len(base.args) :]
    assert more.splits == ("natural",)
    loose = load_profile("fixture-loose")
    assert dict(loose.env) == {**base.env, "VLLM_ENFORCE_STRICT_TOOL_CALLING": "false"}


def test_a_setting_differs_from_the_profile_whose_answers_it_gives() -> None:
    base, settings = load_profile("fixture"), settings_of("fixture")
    assert {setting.id for setting in settings} >= {"fixture-prefix-cache", "fixture-two-servers"}
    assert not [setting.id for setting in settings if (setting.args, setting.env) == (base.args, base.env)]
    assert not [
        setting.id for setting in settings if setting.parser != base.parser or setting.model != base.model
    ]


def test_a_setting_is_one_of_the_profile_that_it_names(tmp_path: Path) -> None:
    text = 'why = "long enough"\nmodel = "m"\nparser = "xlam"\n'
    (tmp_path / "base.toml").write_text(text)
    (tmp_path / "mine.toml").write_text('why = "long enough"\nextends = "base"\nsame_as = "base"')
    (tmp_path / "other.toml").write_text(f'{text}same_as = "mine"')
    assert [setting.id for setting in settings_of("base", tmp_path)] == ["mine"]
    assert settings_of("other", tmp_path) == ()


@pytest.mark.parametrize("name", sorted(path.stem for path in PROFILES.glob("*.toml")))
def test_the_profile_whose_answers_one_gives_is_no_setting_itself(name: str) -> None:
    if named := load_profile(name).same_as:
        assert load_profile(named).same_as == ""


def test_a_model_s_folder_stands_in_for_its_repository(tmp_path: Path) -> None:
    profile = with_model_folder(load_profile("xlam-qwen-3b"), tmp_path / "models" / ".." / "3b")
    assert (profile.model, profile.model_folder) == ("Salesforce/xLAM-2-3b-fc-r", tmp_path / "3b")


def test_a_profile_that_brings_its_model_takes_no_other(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="the profile fixture brings its own model"):
        with_model_folder(load_profile("fixture"), tmp_path)


@pytest.mark.parametrize(
    ("profile", "managed", "at_a_time"),
    [("fixture", True, 16), ("fixture-ngram", True, 1), ("fixture", False, 1)],
)
def test_who_stands_how_much(profile: str, managed: bool, at_a_time: int) -> None:
    target = parse_target("process:0.32.0")
    deployment = Deployment(
        "label", target, load_profile(profile), "http://127.0.0.1:1", "m", "0.32.0", managed
    )
    assert deployment.concurrency(16) == at_a_time


@pytest.mark.parametrize(("profile", "at_a_time"), [("fixture", 16), ("fixture-ngram", 1)])
def test_a_borrowed_server_stands_more_where_the_user_says_so(profile: str, at_a_time: int) -> None:
    target = parse_target("http://127.0.0.1:1")
    deployment = Deployment(
        "label", target, load_profile(profile), target.value, "m", "0.32.0", managed=False
    )
    assert deployment.concurrency(16, may_load=True) == at_a_time


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> CallSyntax:
    """A second dialect, beside xLAM's."""
    monkeypatch.setitem(known_dialects(), "lines", LINES)
    return LINES.syntax


def profile_with(folder: Path, fields: str) -> Profile:
    (folder / "mine.toml").write_text(f'why = "long enough"\nmodel = "m"\n{fields}')
    return load_profile("mine", folder)


def test_the_dialect_follows_the_parser(tmp_path: Path, lines: CallSyntax) -> None:
    profile = profile_with(tmp_path, 'parser = "lines-of-old"')
    assert (profile.parser, profile.dialect, profile.syntax) == ("lines-of-old", "lines", lines)
    other = with_parser(profile, "xlam")
    assert other == replace(profile, parser="xlam", syntax=dialect_named("xlam").syntax)
    assert with_parser(other, "lines-of-old") == profile


def test_a_parser_that_no_dialect_names_is_taken_to_read_the_profile_s(
    tmp_path: Path, lines: CallSyntax
) -> None:
    profile = profile_with(tmp_path, 'parser = "lines"')
    assert with_parser(profile, "nobody-s") == replace(profile, parser="nobody-s")
    assert with_parser(profile, "nobody-s").syntax == lines


@pytest.mark.usefixtures("lines")
def test_a_profile_names_the_dialect_of_a_parser_that_no_dialect_names(tmp_path: Path) -> None:
    profile = profile_with(tmp_path, 'parser = "nobody-s"\ndialect = "lines"')
    assert (profile.parser, profile.dialect) == ("nobody-s", "lines")
    known = profile_with(tmp_path, 'parser = "xlam"\ndialect = "lines"')
    assert known == with_parser(known, known.parser), "a session asks for the profile's own parser again"


@pytest.mark.usefixtures("lines")
def test_an_extension_of_another_parser_speaks_that_one_s_dialect(tmp_path: Path) -> None:
    profile_with(tmp_path, 'parser = "nobody-s"\ndialect = "lines"')
    (tmp_path / "more.toml").write_text('why = "long enough"\nextends = "mine"\nparser = "xlam"')
    (tmp_path / "same.toml").write_text('why = "long enough"\nextends = "mine"')
    assert load_profile("more", tmp_path).dialect == "xlam"
    assert load_profile("same", tmp_path).dialect == "lines"


def test_a_parser_for_a_profile_without_a_dialect_has_to_be_known() -> None:
    bare = Profile("mine", "m", "nobody-s", "for a self-test")
    assert with_parser(bare, "xlam").dialect == "xlam"
    with pytest.raises(UsageProblem, match="no dialect is known that the parser 'nobody-s' reads") as told:
        with_parser(bare, "nobody-s")
    assert "known are the parsers hermes, llama3_json" in str(told.value)
    assert 'into tests/profiles/NAME.toml, with parser = "nobody-s" and dialect = "..."' in str(told.value)
