"""Since which release something can be asked of a server."""

from packaging.version import InvalidVersion, Version


def is_at_least(version: str, since: Version) -> bool:
    """Return whether a version is that or newer: pre-releases count as releases, a build that does not know is new."""
    try:
        return Version(Version(version).base_version) >= since
    except InvalidVersion:
        return True
