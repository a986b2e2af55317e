"""Whatever a server does to a chat request ends in findings, soon, and in a few lines that anybody can read."""

import time
from types import MappingProxyType

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.cases.requests import query_body
from tests.harness.core.records.case import MODES, Mode
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.judged import Judged
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.judge import Judge
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.recorder import Recorder
from tests.harness.recording.sdk_view import sdk_view
from tests.harness.report.evidence import failure_text
from tests.harness.servers.target_strings import parse_target
from tests.selftest.hostile_servers.behaviours import CASES
from tests.selftest.hostile_servers.table import HOSTILE, LIMITS, OTHERWISE_S, Hostile
from tests.selftest.recording.samples import KEY
from tests.selftest.scripted import ScriptedServer

CASE = next(case for case in CASES if case.id == "weather-tokyo-and-new-york")
PROFILE = Profile("hostile", "m", "xlam", "for a self-test", wording=MappingProxyType({}))
DEPLOYMENT = Deployment(
    "label",
    parse_target("http://127.0.0.1:1"),
    load_profile("borrowed"),
    "http://127.0.0.1:1",
    "m",
    "0.32.0",
    False,
)
WORK_S = 15.0
"""Of the processor: the clock on the wall says little where a machine is busy with other things."""
MANY_LINES = 60


def judged(url: str, mode: Mode, hostile: Hostile) -> Judged:
    body = query_body(CASE, mode, "m")
    with Recorder(url, KEY, LIMITS[hostile.allowed_finish_reasons]) as recorder:
        exchange = recorder.record(CASE.id, mode, "natural", 0, body)
    subject = CheckContext(
        case=CASE,
        profile=PROFILE,
        mode=mode,
        split="natural",
        round=1,
        request=body,
        exchange=exchange,
        reply=read_reply(exchange, streamed=mode == "stream"),
        sdk=sdk_view(exchange),
    )
    judge = Judge((), "0.32.0")
    return judge.judged(subject, judge.findings(subject))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_an_answer_is_judged_soon(hostile: Hostile, mode: Mode) -> None:
    with ScriptedServer(hostile.answer) as server:
        began, worked = time.monotonic(), time.process_time()
        found = judged(server.url, mode, hostile)
        assert time.process_time() - worked < WORK_S
        assert hostile.allowed_finish_reasons == "itself" or time.monotonic() - began < OTHERWISE_S
        assert len(server.received) <= 1
    assert {judgement.finding.name for judgement in found.findings} == getattr(hostile, mode)
    lines = failure_text([found], DEPLOYMENT, "test[x]").splitlines()
    assert len(lines) < MANY_LINES
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) < 10_000
