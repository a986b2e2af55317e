"""Whole cases: tools, calls, text and splits, made together."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from hypothesis import assume, reject
from hypothesis import strategies as st

from tests.harness.cases.dialects.dialect import Dialect, NotSayable, Written
from tests.harness.cases.dialects.registry import DEFAULT, dialect_named
from tests.harness.cases.generate.engine import draw as drawn
from tests.harness.cases.generate.literals import spelled, spelled_call
from tests.harness.cases.generate.tools import NAMES, tools_for
from tests.harness.cases.generate.values import arguments
from tests.harness.core.records.case import Case, ExpectedCall, Reading

LONGEST = 300
"""Characters of a text: each is a token in the finest split."""
TOPIC = "forced-generated"
"""Of cases that were kept, too: they are asked like those that were written."""
_WHY = "Made up by the generator; what is right is known by construction."
_MOST_PICKS = 1000
_DRAWN = 4
"""Values drawn for one that is chosen: Hypothesis begins with small ones and goes on with variants of one another."""


@dataclass(frozen=True)
class Example:
    """A case, and numbers that pick splits among those on offer, and places to cut where a deployment cuts exactly."""

    case: Case
    picks: tuple[int, ...]


_call = st.builds(ExpectedCall, st.sampled_from(NAMES), arguments)
_picks = st.lists(st.integers(0, _MOST_PICKS), min_size=1, max_size=2, unique=True).map(tuple)


@st.composite
def _cases_with_calls(draw: st.DrawFn, dialect: Dialect) -> Case:
    calls = tuple(draw(st.lists(_call, min_size=1, max_size=3)))
    written = _written(calls, draw(dialect.drawn.styles), dialect)
    said = tuple(map(spelled_call, calls))
    assume(dialect.drawn.in_json or said == calls)
    written, calls = replace(written, text=spelled(written.text)), said
    assume(len(written.text) <= LONGEST)
    tools = tools_for(calls, draw(st.lists(st.sampled_from(NAMES), max_size=1)))
    return _case(written, tools, calls, dialect)


def _written(calls: tuple[ExpectedCall, ...], style: Any, dialect: Dialect) -> Written:
    """Return the calls in a style; what a dialect cannot say is not drawn."""
    try:
        return dialect.drawn.write(calls, tools_for(calls, ()), style)
    except NotSayable:
        reject()


@st.composite
def _cases_in_words(draw: st.DrawFn, dialect: Dialect) -> Case:
    text = draw(dialect.drawn.answers)
    tools = tools_for((), draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2)))
    return _case(Written(text, text), tools, (), dialect)


@cache
def examples_in(dialect: str = DEFAULT) -> st.SearchStrategy[Example]:
    """Return a strategy of cases in a dialect: three of four with calls, the others in words."""
    known = dialect_named(dialect)
    with_calls = [_cases_with_calls(known) for _ in range(3)]
    return st.builds(Example, st.one_of(*with_calls, _cases_in_words(known)), _picks)


def drawn_for(count: int) -> int:
    """Return how many values `chosen` draws."""
    return count * _DRAWN


def chosen(count: int, seed: int, dialect: str = DEFAULT) -> list[Example]:
    """Return `count` examples of different texts, spread evenly over what is drawn; the same for the same numbers."""
    values = drawn(examples_in(dialect), drawn_for(count), seed)
    distinct = list({example.case.id: example for example in values}.values())
    step = max(1.0, len(distinct) / count)
    return [distinct[int(position * step)] for position in range(min(count, len(distinct)))]


def _case(
    written: Written, tools: tuple[dict[str, Any], ...], calls: tuple[ExpectedCall, ...], dialect: Dialect
) -> Case:
    """Return the case, its id a hash of what is asked: one text with one set of tools is one case in every session."""
    asked = json.dumps([written.text, tools], sort_keys=True)
    return Case(
        id=f"generated-{hashlib.sha256(asked.encode()).hexdigest()[:12]}",
        topic=TOPIC,
        dialect=dialect.name,
        why=_WHY,
        messages=({"role": "user", "content": "Say it."},),
        tools=tools,
        calls=calls,
        content=written.content,
        text=written.text,
        ambiguous=written.why or None,
        readings=tuple(Reading(calls, content) for content in written.contents),
        source="generated",
    )
