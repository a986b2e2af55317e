"""vLLM versions as the ledger counts them."""

from functools import cache

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from tests.harness.core.records.known_issue import KnownIssue


@cache
def release_of(version: str) -> Version | None:
    """Return the release that a version counts as; None if it does not know its own and so has no ledger.

    Pre-releases count as their release: by PEP 440 alone, 0.33.0rc1 would be neither <0.33.0 nor >=0.33.0.
    A development build (`dev`, `0.1.dev1+g...`) says nothing about the code in it.
    """
    try:
        parsed = Version(version)
    except InvalidVersion:
        return None
    return None if parsed.is_devrelease else Version(parsed.base_version)


def covers(issue: KnownIssue, version: str) -> bool:
    """Return whether an entry is about this version."""
    return _contains(issue.versions, version)


@cache
def _contains(specifiers: str, version: str) -> bool:
    release = release_of(version)
    return release is not None and SpecifierSet(specifiers).contains(release, prereleases=True)


def is_within_seen(issue: KnownIssue, version: str) -> bool:
    """Return whether the defect was seen in this release or a newer one: only there silence is stale."""
    release, last_seen = release_of(version), release_of(issue.last_seen)
    return release is not None and last_seen is not None and release <= last_seen
