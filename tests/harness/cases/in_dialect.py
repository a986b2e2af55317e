"""Cases as a dialect says them: a neutral text has a place where the calls stand, and each dialect writes its own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tests.harness.cases.dialects.dialect import Dialect, NotSayable
from tests.harness.cases.request_tags import kind_of_choice, named_tool
from tests.harness.cases.sample_call import sample_call
from tests.harness.core.records.case import Case, RequestOptions

ANY = "any"
"""Dialect of a case whose text is nobody's own: words, or a place for calls."""
CALLS = "@calls@"


@dataclass(frozen=True)
class CasesInDialect:
    """All cases, as one dialect says them."""

    cases: tuple[Case, ...]
    not_applicable: tuple[tuple[str, str], ...]
    """Id of each that it does not say, and why."""


def all_in_dialect(cases: Iterable[Case], dialect: Dialect) -> CasesInDialect:
    """Return the cases that a dialect can say, written by it, and the others with the reason."""
    said: list[Case] = []
    not_applicable: list[tuple[str, str]] = []
    for case in cases:
        try:
            said.append(in_dialect(case, dialect))
        except NotSayable as reason:
            not_applicable.append((case.id, str(reason)))
    return CasesInDialect(tuple(said), tuple(not_applicable))


def in_dialect(case: Case, dialect: Dialect) -> Case:
    """Return a case as a dialect says it. Raises NotSayable."""
    text = case.text or ""
    if CALLS in text:
        if dialect.stands_alone and text.strip() != CALLS:
            raise NotSayable(f"an answer in {dialect.name} is calls or words, never both")
        text = text.replace(CALLS, dialect.write(case.calls, case.tools))
    elif case.dialect not in (ANY, dialect.name):
        raise NotSayable(f"its text is in {case.dialect}")
    elif dialect.places(text) and case.dialect == ANY:
        raise NotSayable(f"{dialect.name} reads a call in its words")
    return replace(case, dialect=dialect.name, text=text or None, request_options=_options(case, dialect))


def _options(case: Case, dialect: Dialect) -> RequestOptions:
    """Return the options of a case; where calls are demanded, the model is led to what the dialect writes then."""
    options = case.request_options
    choice = options.request.get("tool_choice")
    demanded = kind_of_choice(choice) in {"required", "named"} and case.text is None and case.tools
    if not (dialect.syntax.demanded and demanded):
        return options
    named = [tool for tool in case.tools if tool["function"]["name"] == named_tool(choice)]
    calls = case.calls or (sample_call((named or case.tools)[0]),)
    text = dialect.write(calls, case.tools)
    if case.calls and len(text) > (options.request.get("max_tokens") or len(text)):
        raise NotSayable(f"its limit leaves no room for a call in {dialect.name}")
    return replace(options, steered_text=text)
