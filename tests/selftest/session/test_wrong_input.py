"""What is wrong in an option or its variable is one line before anything starts, and names what its user wrote."""

import pytest

from tests.selftest.jobs import session


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
