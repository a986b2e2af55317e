"""Any bytes, cut anywhere, under any headers: judging them never raises, and never says what cannot be printed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.cases.run_calls import run_calls
from tests.harness.core.printable import truncated
from tests.harness.core.records.case import MODES, ExpectedCall, Mode
from tests.harness.core.records.exchange import Exchange, ExchangeKey, Frame
from tests.harness.core.records.profile import Profile
from tests.harness.core.strict_json import DEEPEST, strict_json
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.registry import answer_checks, judge_by
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.sdk_view import sdk_view
from tests.selftest.faulty_servers.correct import Answer, Call, chunks_of, whole_of
from tests.selftest.judging.checks.offline import case_with

bounded = settings(
    max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
CASE = case_with(ExpectedCall("first", {"x": 1}), ExpectedCall("second", {"y": [{"z": "ü"}]}))
PROFILE = Profile("fuzz", "m", "xlam", "for a self-test", syntax=dialect_named("xlam").syntax)
TYPES = ["text/event-stream", "application/json", "text/html; charset=wild", ""]
PIECES = [
    *(
        b"data: ",
        b"data:",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b": ping\n\n",
        b"event: x\n",
        b"retry: 1\n",
        b"[DONE]",
    ),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"\\",
        b"\\ud800",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\0",
        b"\x1b[2J",
        b"NaN",
        b"1e999",
    ),
    *(
        b'"choices":',
        b'"delta":',
        b'"message":',
        b'"tool_calls":',
        b'"index":',
        b'"function":',
        b'"arguments":',
    ),
    *(b'"error":', b'"usage":', b"null", b"-1", b",", b":", b"9" * 5000),
]
noise = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)), max_size=40).map(b"".join)
leaves: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(
        ["\ud800", "{", "{}{}", '{"x":' * 300, "first", "assistant", "tool_calls", "\\u00e9", 10**400]
    ),
)
values = st.recursive(
    leaves,
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.dictionaries(
            st.sampled_from(["index", "id", "function", "name", "arguments", "x"]), below, max_size=3
        ),
    ),
    max_leaves=6,
)
ANSWER = Answer((Call("first", '{"x": 1}'), Call("second", '{"y": [{"z": "ü"}]}')), "text")


@pytest.fixture(scope="module", autouse=True)
def no_folder_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hypothesis keeps caches in a folder."""
    set_hypothesis_home_dir(tmp_path_factory.mktemp("hypothesis"))
    yield
    set_hypothesis_home_dir(None)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    if isinstance(value, dict):
        keys: list[Any] = list(value)
    else:
        keys = list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


@st.composite
def damaged(draw: st.DrawFn, mode: Mode) -> bytes:
    """A right answer in which some values are others."""
    whole: Any = chunks_of(ANSWER, with_usage=True) if mode == "stream" else whole_of(ANSWER)
    whole = json.loads(json.dumps(whole))
    for _ in range(draw(st.integers(1, 4))):
        container, key = draw(st.sampled_from(places(whole)))
        container[key] = draw(values)
    if mode == "whole":
        return json.dumps(whole).encode()
    return b"".join(b"data: %b\n\n" % json.dumps(chunk).encode() for chunk in whole) + b"data: [DONE]\n\n"


@st.composite
def exchanges(draw: st.DrawFn, bodies: st.SearchStrategy[bytes], mode: Mode) -> Exchange:
    body = draw(bodies)
    cuts = sorted(draw(st.lists(st.integers(0, len(body)), max_size=6)))
    frames = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    kind = draw(st.sampled_from(TYPES))
    request = {"model": "m", "messages": [], "tools": list(CASE.tools), "stream": mode == "stream"}
    return Exchange(
        key=ExchangeKey("case", mode, "natural", 0, "0"),
        method="POST",
        path="/v1/chat/completions",
        request=json.dumps(request, default=dict).encode(),
        sent_at=0.0,
        status=draw(st.sampled_from([200, 200, 200, 204, 302, 404, 500, 999])),
        headers=(("content-type", kind), ("location", "\x1b")),
        frames=tuple(Frame(float(at), frame) for at, frame in enumerate(frames) if frame),
        ended_at=9.0,
        error=draw(st.sampled_from([None, None, "LimitError: too much", "ReadError: \x1b"])),
    )


def require_judged(exchange: Exchange, mode: Mode) -> None:
    reply = read_reply(exchange, streamed=mode == "stream")
    subject = CheckContext(
        case=CASE,
        profile=PROFILE,
        mode=mode,
        split="natural",
        turn=1,
        request=json.loads(exchange.request),
        exchange=exchange,
        reply=reply,
        sdk=sdk_view(exchange),
        tool_runs=run_calls(reply.choice.tool_calls if reply.choice else ()),
    )
    for finding in judge_by(answer_checks(), subject):
        assert f"{finding.message}{finding.expected}{finding.got}".isprintable()
        json.dumps(finding.__dict__).encode()


@bounded
@given(st.data(), st.sampled_from(MODES))
def test_any_bytes_are_judged(data: st.DataObject, mode: Mode) -> None:
    require_judged(data.draw(exchanges(noise, mode)), mode)


@bounded
@given(st.data(), st.sampled_from(MODES))
def test_any_damage_is_judged(data: st.DataObject, mode: Mode) -> None:
    require_judged(data.draw(exchanges(damaged(mode), mode)), mode)


@bounded
@given(st.one_of(noise.map(lambda data: data.decode("utf-8", "replace")), st.text()))
def test_json_is_read_or_refused_with_a_value_error(text: str) -> None:
    try:
        value = strict_json(text)
    except ValueError:
        return
    json.dumps(value, allow_nan=False)


def test_depth_is_bounded_and_said() -> None:
    assert strict_json("[" * DEEPEST + "]" * DEEPEST)
    for depth in (DEEPEST + 1, 900, 100_000):
        with pytest.raises(ValueError, match="nested"):
            strict_json("[" * depth + "]" * depth)


@bounded
@given(st.text())
def test_anything_can_be_printed(text: str) -> None:
    assert truncated(text).isprintable()
