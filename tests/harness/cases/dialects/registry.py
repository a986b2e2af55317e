"""The dialects that there are, found by themselves."""

import pkgutil
from functools import cache
from importlib import import_module

from tests.harness.cases import dialects
from tests.harness.cases.dialects.dialect import Dialect
from tests.harness.core.records.errors import UsageProblem

DEFAULT = "xlam"


@cache
def known_dialects() -> dict[str, Dialect]:
    """Return the `DIALECT` of each module beside this one, by name."""
    modules = [
        import_module(f"{dialects.__name__}.{info.name}") for info in pkgutil.iter_modules(dialects.__path__)
    ]
    found = [module.DIALECT for module in modules if hasattr(module, "DIALECT")]
    return {dialect.name: dialect for dialect in found}


def dialect_named(name: str) -> Dialect:
    """Return the dialect of a name. Raises UsageProblem."""
    known = known_dialects()
    if name not in known:
        raise UsageProblem(
            f"unknown dialect {name!r}; tests/harness/cases/dialects/ has {', '.join(sorted(known))}"
        )
    return known[name]


def known_parsers() -> list[str]:
    """Return the parsers of vLLM that read one of the dialects."""
    return [parser for dialect in known_dialects().values() for parser in dialect.parsers]


def dialect_read_by(parser: str) -> Dialect | None:
    """Return the dialect that a parser of vLLM reads; None if it is none of those that are known."""
    return next((dialect for dialect in known_dialects().values() if parser in dialect.parsers), None)
