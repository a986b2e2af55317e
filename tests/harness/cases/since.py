"""Since which release something can be asked of a server."""

from packaging.version import InvalidVersion, Version


def is_at_least(version: str, since: Version) -> bool:
    """Pre-releases count as their release; a build that does not know its version is taken for a new one."""
    try:
        return Version(Version(version).base_version) >= since
    except InvalidVersion:
        return True
