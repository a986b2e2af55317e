"""Whatever a server does to a chat request ends in findings, soon, and in a few lines that anybody can read."""

import time
from types import MappingProxyType

import pytest

from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.cases.requests import query_body
from tests.harness.core.records.case import MODES, Mode
from tests.harness.core.records.judged_answer import JudgedAnswer
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.judge import Judge
from tests.harness.recording.recorder import Recorder
from tests.harness.report.evidence import Rerun, failure_text
from tests.selftest.hostile_servers.behaviours import CASES
from tests.selftest.hostile_servers.table import HOSTILE, LIMITS, OTHERWISE_S, Hostile
from tests.selftest.recording.samples import KEY
from tests.selftest.scripted import ScriptedServer

CASE = next(case for case in CASES if case.id == "weather-tokyo-and-new-york")
PROFILE = Profile(
    "hostile",
    "m",
    "xlam",
    "for a self-test",
    wording=MappingProxyType({}),
    syntax=dialect_named("xlam").syntax,
)
RERUN = Rerun("http://127.0.0.1:1", "http://127.0.0.1:1", managed=False)
WORK_S = 15.0
"""Of the processor: the clock on the wall says little where a machine is busy with other things."""
MANY_LINES = 60


def judged(url: str, mode: Mode, hostile: Hostile) -> tuple[RecordedAnswer, JudgedAnswer]:
    body = query_body(CASE, mode, "m")
    with Recorder(url, KEY, LIMITS[hostile.ends]) as recorder:
        exchange = recorder.record(CASE.id, mode, "natural", 0, body)
    context = CheckContext.of(CASE, exchange, PROFILE)
    return RecordedAnswer(exchange, context.reply), Judge((), "0.32.0").judge(context)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_an_answer_is_judged_soon(hostile: Hostile, mode: Mode) -> None:
    with ScriptedServer(hostile.answer) as server:
        began, worked = time.monotonic(), time.process_time()
        recorded, answer = judged(server.url, mode, hostile)
        assert time.process_time() - worked < WORK_S
        assert hostile.ends == "itself" or time.monotonic() - began < OTHERWISE_S
        assert len(server.received) <= 1
    assert answer.names == getattr(hostile, mode)
    lines = failure_text([answer], RERUN, "test[x]", lambda _: recorded).splitlines()
    assert len(lines) < MANY_LINES
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) < 10_000
