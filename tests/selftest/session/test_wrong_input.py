"""What is wrong in an option or its variable is one line before anything starts, and names what its user wrote."""

from pathlib import Path

import pytest

from tests.selftest.jobs import job, session
from tests.selftest.talking_server import talking


def refusal(*words: str, **env: str) -> str:
    """The one line with which a session is refused."""
    ended = session("--collect-only", "-q", *words, **env)
    assert ended.returncode == 4, ended.stdout
    (line,) = (line for line in ended.stderr.splitlines() if line.strip())
    return line


@pytest.mark.parametrize("version", ["banana", "0.33.1.dev12+gabc", "unknown"])
def test_a_ledger_is_of_releases(version: str) -> None:
    says = f"{version!r}: the ledger is of releases; wanted is one, e.g. 0."
    assert f"--assume-version {says}" in refusal("--assume-version", version)
    assert f"$XLAM_GATE_ASSUME_VERSION {says}" in refusal(XLAM_GATE_ASSUME_VERSION=version)


@pytest.mark.parametrize(
    ("target", "parser", "advice"),
    [
        ("wheel:0.33.0", "hermes", "[profile=hermes]"),
        ("wheel:0.33.0", "mine", "[profile=NAME]"),
        ("auto", "hermes", "[profile=hermes]"),
        ("http://127.0.0.1:9[profile=fixture]", "hermes", "[profile=hermes]"),
        ("http://127.0.0.1:9[parser=xlam]", "hermes", "[profile=hermes]"),
    ],
)
def test_a_parser_that_no_target_needs_is_not_ignored(target: str, parser: str, advice: str) -> None:
    says = f"--parser {parser}: it says what borrowed servers run, and no target here needs it: {target}"
    line = refusal("--target", target, "--parser", parser)
    assert f"{says}; for another parser write {advice}" in line


def test_a_parser_of_one_s_own_needs_a_profile() -> None:
    line = refusal("--target", "http://127.0.0.1:9", "--parser", "mine")
    assert "no dialect is known that the parser 'mine' reads; known are the parsers hermes" in line
    assert "[profile=NAME] to the target" in line


@pytest.mark.parametrize("name", ["KEEP", "ACCEPT"])
def test_the_variable_of_a_switch_says_yes_or_no(name: str) -> None:
    line = refusal(**{f"XLAM_GATE_{name}": "perhaps"})
    assert f"$XLAM_GATE_{name} 'perhaps': wanted is one of 1, true, yes, 0, false, no" in line


@pytest.mark.parametrize("word", ["0", "false", "No", ""])
def test_a_variable_that_says_no_switches_nothing_on(word: str, tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "file").write_text("kept")
    env = {"XLAM_GATE_CACHE": str(tmp_path), "XLAM_GATE_CACHE_WIPE": word, "XLAM_GATE_CACHE_INFO": "Yes"}
    assert "cache in" in session(**env).stdout
    assert list(tmp_path.iterdir())


def test_a_baseline_is_not_overwritten_where_the_variable_says_no(tmp_path: Path) -> None:
    words = ("-k", "test_query and tokyo and stream")
    with talking() as server:
        plain = job(tmp_path / "no", "--target", server.url, *words, XLAM_GATE_ACCEPT="0")
        accepting = job(tmp_path / "yes", "--target", server.url, *words, XLAM_GATE_ACCEPT="true")
    assert "nothing written" not in plain.said
    assert "nothing written" in accepting.said, "a part is no baseline, and that is told whoever wants one"


@pytest.mark.parametrize(
    ("name", "value"), [("concurrency", "none"), ("depth", "deep"), ("block", "all"), ("allow", "all")]
)
def test_a_value_is_blamed_on_where_it_came_from(name: str, value: str) -> None:
    assert f"--{name} {value!r}: " in refusal(f"--{name}", value)
    variable = f"XLAM_GATE_{name.upper()}"
    line = refusal(**{variable: value})
    assert f"${variable} {value!r}: " in line
    assert f"--{name}" not in line


def test_a_missing_file_of_accepted_outcomes_is_said_to_be_written_by_accept() -> None:
    line = refusal("--baseline", "foo.toml")
    assert "--baseline 'foo.toml': no such file; --accept writes such files, to tests/baselines/" in line


@pytest.mark.parametrize("words", [("--runs", "elsewhere"), ("--runs=elsewhere",)])
def test_a_walk_has_its_runs_where_it_looks_for_them(words: tuple[str, ...]) -> None:
    line = refusal("--bisect", "wheel:0.32.0..wheel:0.33.0", *words)
    assert "--bisect leaves the runs of all releases in runs/, and reads them there: leave --runs out" in line
