"""What the suite knows of a way to write calls: one record a dialect, in a module of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hypothesis.strategies import SearchStrategy

from tests.harness.cases.call_places import CallPlace
from tests.harness.cases.json_tags import Tag
from tests.harness.core.records.call_syntax import CallSyntax
from tests.harness.core.records.case import ExpectedCall
from tests.harness.core.records.cut import Cut

Calls = Sequence[ExpectedCall]
Tools = Sequence[dict[str, Any]]
"""Definitions as the API takes them."""


CutTag = Callable[[Sequence[CallPlace], Cut], bool]
"""Of the places of a text's calls, and the ends of its deltas."""


class NotSayable(Exception):
    """A dialect has no way to write something; the text says what."""


@dataclass(frozen=True)
class Written:
    """A text and what is right about it beside the calls."""

    text: str
    content: str | None = None
    contents: tuple[str | None, ...] = ()
    """The texts that are right, where there are several."""
    why: str = ""
    """Why there are several."""


@dataclass(frozen=True)
class Drawn:
    """How made-up calls and answers are written."""

    styles: SearchStrategy[Any]
    write: Callable[[Calls, Tools, Any], Written]
    """The calls of some tools in one of the styles; raises NotSayable."""
    answers: SearchStrategy[str]
    """Answers in words that hold no call."""
    in_json: bool = True
    """All of the arguments is JSON, so that its literals can be spelled in all their ways."""


@dataclass(frozen=True)
class Dialect:
    """One way to write calls."""

    parsers: tuple[str, ...]
    """Values of `--tool-call-parser` that read it."""
    syntax: CallSyntax
    write: Callable[[Calls, Tools], str]
    """The calls of some tools as the models write them by themselves; raises NotSayable."""
    places: Callable[[str], tuple[CallPlace, ...]]
    """Where the parts of the calls stand in a text."""
    drawn: Drawn
    tags: Mapping[str, Tag] = field(default_factory=lambda: MappingProxyType({}))
    """What its texts may be like, beside what those of every dialect may (cases/tags.py)."""
    cut_tags: Mapping[str, CutTag] = field(default_factory=lambda: MappingProxyType({}))
    """What may be true of how one of its texts was cut, beside what may be of every text (cases/cut_tags.py)."""
    stands_alone: bool = False
    """An answer is calls or words, never both."""

    @property
    def name(self) -> str:
        """Return what a case file calls it."""
        return self.syntax.dialect
