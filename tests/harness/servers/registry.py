"""The providers that there are, found by themselves, and what follows for a target from what its provider says."""

import importlib
import pkgutil
from functools import cache

from tests.harness.core.records.target import Target
from tests.harness.servers import providers
from tests.harness.servers.provider import Provider


@cache
def known_providers() -> dict[str, Provider]:
    """Return every module of `providers/` by its name."""
    modules = [
        importlib.import_module(f"{providers.__name__}.{info.name}")
        for info in pkgutil.iter_modules(providers.__path__)
    ]
    return {module.NAME: module for module in modules}


def provider_of(target: Target) -> Provider:
    """Return the provider that a target's server comes from; `auto` has to be resolved before."""
    return known_providers()[target.provider]


def provider_for(scheme: str) -> Provider | None:
    """Return the provider whose targets begin with this word and a colon; None if there is none."""
    return next((provider for provider in known_providers().values() if scheme in provider.SCHEMES), None)


def is_managed(target: Target) -> bool:
    """Return whether the suite launches the target's server, and so may stop it and launch it again."""
    provider = provider_of(target)
    return not (provider.BORROWS or provider.REPLAYS)
