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
