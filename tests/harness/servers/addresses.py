"""Which of the addresses that a server lists the suite knows: an unknown one may take tools, and nobody judges it."""

import tomllib
from functools import cache
from pathlib import Path

from tests.harness.core.http.ask import NoAnswer, ask

_LISTING, _LISTING_S = "/openapi.json", 10.0
_KNOWN = Path(__file__).with_name("addresses.toml")


def listed_addresses(
    base_url: str, api_key: str | None, within_s: float = _LISTING_S
) -> frozenset[str] | None:
    """Return the paths that a server says it has; None where it does not say."""
    try:
        listing = ask(base_url, _LISTING, min(within_s, _LISTING_S), api_key=api_key)
        paths = listing.json()["paths"]
        return frozenset(path for path in paths if isinstance(path, str) and path.isprintable())
    except (NoAnswer, ValueError, LookupError, TypeError):
        return None


def not_judged(listed: frozenset[str] | None) -> tuple[str, ...]:
    """Return those of the listed addresses that the suite neither asks nor knows to carry no tools, sorted."""
    return tuple(sorted((listed or frozenset()) - known_addresses()))


@cache
def known_addresses() -> frozenset[str]:
    """Return the paths that `addresses.toml` has."""
    data = tomllib.loads(_KNOWN.read_text("utf-8"))
    return frozenset(data["asked"]) | frozenset(data["no_tools"])
