"""Which versions an entry is about."""

import pytest

from tests.harness.judging.ledger.versions import covers, is_within_seen, release_of
from tests.selftest.judging.ledger.entries import issue


@pytest.mark.parametrize(
    ("version", "release"),
    [
        ("0.32.0", "0.32.0"),
        ("0.33.0rc1", "0.33.0"),
        ("0.33.0rc1+cu129", "0.33.0"),
        ("0.32.0+cpu", "0.32.0"),
        ("0.32.0.post1", "0.32.0"),
        ("v0.32.0", "0.32.0"),
        ("dev", None),
        ("", None),
        ("unknown", None),
        ("0.1.dev1+g1234abc", None),
        ("0.33.1.dev5+gabcdef.d20261122", None),
        ("0.33.0rc1.dev3", None),
    ],
)
def test_a_version_counts_as_its_release(version: str, release: str | None) -> None:
    found = release_of(version)
    assert (str(found) if found else None) == release


@pytest.mark.parametrize(
    ("versions", "version", "covered"),
    [
        (">=0.33.0", "0.33.0rc1", True),
        ("<0.33.0", "0.33.0rc1", False),
        (">=0.23.0,<0.34", "0.32.0", True),
        (">=0.23.0,<0.34", "0.34.0", False),
        (">=0.23.0", "0.9.2", False),
        (">=0.23.0", "0.1.dev1+g1234", False),
        ("==0.32.*", "0.32.1+cu129", True),
        (">=0", "dev", False),
    ],
)
def test_entries_cover_versions(versions: str, version: str, *, covered: bool) -> None:
    assert covers(issue(versions=versions), version) is covered


@pytest.mark.parametrize(
    ("version", "within"),
    [("0.31.0", True), ("0.32.0", True), ("0.33.0rc1", False), ("0.33.0", False), ("dev", False)],
)
def test_a_newer_release_may_have_fixed_it(version: str, *, within: bool) -> None:
    assert is_within_seen(issue(last_seen="0.32.0"), version) is within
