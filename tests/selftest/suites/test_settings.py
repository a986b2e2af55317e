"""A setting that must change nothing: what counts as the same answer, and what another one is told as."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.case import MODES, Case, ExpectedCall, Mode
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.split import CHAR, NATURAL, Split
from tests.harness.judging.checks.clients.settings import CHECK
from tests.harness.servers.external import ExternalServer
from tests.harness.servers.launch import Server
from tests.harness.servers.provider import LaunchRequest
from tests.harness.suites.forced import Ask
from tests.harness.suites.settings import SettingSuite
from tests.selftest.faulty_servers.correct import Answer
from tests.selftest.judging.checks.offline import answered, call, case_with
from tests.selftest.scripted import Received, ScriptedServer, Step
from tests.selftest.suites.clients.answers import CASE, good
from tests.selftest.suites.load.busy_server import recordings_at

FORCED = replace(
    case_with(ExpectedCall("first", {"a": 1})), text='[{"name": "first", "arguments": {"a": 1}}]'
)
RIGHT = Answer((call("first", {"a": 1}),))
EMPTIED, OTHER = Answer((call("first", {}),)), Answer((call("second", {"a": 1}),))
PLACES: tuple[tuple[Mode, Split], ...] = (("stream", NATURAL), ("stream", CHAR), ("whole", NATURAL))
SETTING = load_profile("fixture-prefix-cache")


def ask(mode: Mode, split: Split = NATURAL) -> Ask:
    return Ask(FORCED.id, mode, split, {}, FORCED)


def exchange(answer: Answer, mode: Mode) -> Exchange:
    return answered(FORCED, answer, mode).exchange


def is_known(plain: Sequence[Answer], answer: Answer, mode: Mode = "stream") -> bool:
    """`plain`: what the server without the setting says, at each of the places."""
    said = {(at[0], at[1].name): exchange(one, at[0]) for at, one in zip(PLACES, plain, strict=True)}
    answers: Any = SimpleNamespace(server=None, record=lambda _, mode, split, __: said[mode, split])
    forced: Any = SimpleNamespace(
        asks_for=lambda wanted: [ask(*place) for place in PLACES if place[0] in {mode for _, mode in wanted}]
    )
    return SettingSuite(answers, forced, 1.0)._is_known(ask(mode), exchange(answer, mode))


@pytest.mark.parametrize(
    ("plain", "answer", "mode", "known"),
    [
        ((RIGHT, RIGHT, RIGHT), RIGHT, "stream", True),
        ((RIGHT, RIGHT, RIGHT), EMPTIED, "stream", False),
        ((RIGHT, EMPTIED, RIGHT), Answer((call("first", {"a": 2}),)), "stream", True),
        ((RIGHT, EMPTIED, RIGHT), OTHER, "stream", False),
        ((RIGHT, EMPTIED, RIGHT), Answer(content="Hi."), "stream", False),
        ((EMPTIED, EMPTIED, RIGHT), replace(RIGHT, content="Hi."), "stream", True),
        ((OTHER, OTHER, RIGHT), RIGHT, "stream", False),
        ((RIGHT, RIGHT, RIGHT), RIGHT, "whole", True),
        ((RIGHT, EMPTIED, RIGHT), EMPTIED, "whole", False),
        ((EMPTIED, EMPTIED, RIGHT), EMPTIED, "whole", False),
    ],
)
def test_an_answer_is_known_that_the_server_gives_without_the_setting(
    plain: Sequence[Answer], answer: Answer, mode: Mode, known: bool
) -> None:
    assert is_known(plain, answer, mode) is known


@pytest.mark.parametrize(
    ("changes", "depth", "reason"),
    [
        ({}, "full", ""),
        ({}, "soak", ""),
        ({}, "default", "compared with --depth full"),
        ({"scripted": False}, "full", "on the scripted engine"),
        ({"managed": False}, "full", "on the scripted engine"),
        ({"profile": SETTING}, "full", "it has to answer as fixture, and this is fixture-prefix-cache"),
    ],
)
def test_why_a_setting_is_not_tried_is_said(
    changes: dict[str, Any], depth: str, reason: str, tmp_path: Path
) -> None:
    with recordings_at("http://127.0.0.1:1", tmp_path) as answer_store:
        deployment = replace(answer_store.server.deployment, scripted=True)
        answer_store.server.deployment = replace(deployment, **changes)
        said = SettingSuite(answer_store, SimpleNamespace(), 1.0).skip_reason(SETTING, depth)
    assert (reason in said) if reason else (said == "")


def observed(folder: Path, monkeypatch: pytest.MonkeyPatch, case: Case, damage: tuple[bytes, bytes]) -> Any:
    """What a second server shows whose bytes are damaged."""

    def damaged(request: Received) -> Iterable[Step]:
        return [step.replace(*damage) for step in good(request) if isinstance(step, bytes)]

    def launched(request: LaunchRequest, _: float) -> Server:
        other = replace(answer_store.server.deployment, base_url=beside.url, profile=request.profile)
        return Server(other, ExternalServer(beside.url), request, 0.0)

    monkeypatch.setattr("tests.harness.suites.settings.launch", launched)
    with (
        ScriptedServer(good) as running,
        ScriptedServer(damaged) as beside,
        recordings_at(running.url, folder) as answer_store,
    ):
        return SettingSuite(answer_store, SimpleNamespace(), 1.0).observe(SETTING, [case], 2)


def test_a_server_that_answers_alike_shows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sight = observed(tmp_path, monkeypatch, CASE, (b"", b""))
    assert (sight.findings, sight.exchange) == ((), "")


def test_another_answer_is_told_with_the_setting_and_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sight = observed(tmp_path, monkeypatch, CASE, (b"get_weather", b"get_another"))
    assert {finding.symptom for finding in sight.findings} == set(CHECK.symptoms)
    for finding, mode in zip(sight.findings, MODES, strict=True):
        assert "Setting: fixture-prefix-cache" in finding.message
        assert f"Case: {CASE.id} [{mode}], one of 2." in finding.message
        assert "calls: get_weather" in finding.expected
        assert "calls: get_another" in finding.got
    assert "/fixture-prefix-cache" in sight.exchange
