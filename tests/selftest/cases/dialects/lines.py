"""A dialect that no model speaks, for self-tests: a line a call, `!name {arguments}`."""

import re

from hypothesis import strategies as st

from tests.harness.cases.call_places import CallPlace
from tests.harness.cases.dialects.dialect import Calls, Dialect, Drawn, Tools, Written
from tests.harness.core.records.call_syntax import CallSyntax

_CALL = re.compile(r"^!(\S+) (\{.*\})$", re.MULTILINE)


def write(calls: Calls, _: Tools) -> str:
    return "\n".join(f"!{call.name} {call.text}" for call in calls)


def places(text: str) -> tuple[CallPlace, ...]:
    return tuple(
        CallPlace(found.start(), *found.span(1), *found.span(2), found.end())
        for found in _CALL.finditer(text)
    )


LINES = Dialect(
    parsers=("lines", "lines-of-old"),
    syntax=CallSyntax("lines", markers=("!!",), piece=r"^!\S+ ", call=(r"!\S+ ", r"\{")),
    write=write,
    places=places,
    drawn=Drawn(st.none(), lambda calls, tools, _: Written(write(calls, tools)), st.just("Well.")),
)
