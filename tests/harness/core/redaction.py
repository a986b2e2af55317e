"""Secrets that a user wrote into a target or a server flag: they go to the server, and into no file of ours."""

import re

_FLAG = re.compile(r"(--(?:[\w-]+-)?(?:key|token|password|secret)[= ])[^\s,\]]+", re.IGNORECASE)
_VARIABLE = re.compile(r"\b(\w*(?:KEY|TOKEN|PASSWORD|SECRET)=)[^\s,\]]+", re.IGNORECASE)
_USER = re.compile(r"(https?://)[^/@\s]+@")


def holds_secret(flag: str) -> bool:
    """Return whether a server flag, or an environment variable with its value, is one of those that name a secret."""
    return bool(_FLAG.match(f"{flag} ?") or _VARIABLE.match(flag))


def masked(text: str) -> str:
    """Return a text with stars in place of the values of `--api-key`, `HF_TOKEN` and the like, and of a URL's user."""
    return _USER.sub(r"\1***@", _VARIABLE.sub(r"\1***", _FLAG.sub(r"\1***", text)))
