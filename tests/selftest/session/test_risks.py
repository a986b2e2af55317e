"""What may harm a server comes last, and never to one that is not ours unless the user says so."""

import json
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import pytest

from tests.harness.cases.profiles import load_profile
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.risk import Risk, as_risk
from tests.harness.servers.registry import known_providers
from tests.harness.servers.target_strings import parse_target
from tests.harness.session.resolved_target import ResolvedTarget
from tests.harness.session.risks import may_not_run
from tests.selftest.faulty_servers.correct import with_own_ids
from tests.selftest.faulty_servers.scripts import wire_of
from tests.selftest.hostile_servers.behaviours import CASES
from tests.selftest.jobs import job
from tests.selftest.scripted import Received, ScriptedServer, Step, head, whole
from tests.selftest.servers import lent
from tests.selftest.talking_server import CORRECT

PLUGIN = ("-p", "tests.selftest.session.risky", "-k", "test_query and (weather or time)")
NUMBERS = count(1)
"""One an answer: an id comes once in a run."""


def good(request: Received) -> Iterable[Step]:
    if request.path != "/v1/chat/completions":
        return [whole({"data": [{"id": "m"}], "version": "0.32.0"})]
    wire = with_own_ids(wire_of(CORRECT, request.json(), CASES), next(NUMBERS))
    return [head(content_type=wire.media_type), *wire.pieces]


def asked(server: ScriptedServer) -> list[str]:
    """Of each question the word that tells which it is, in order; the probe at attach time left out."""
    bodies = [sent.json() for sent in server.received if sent.path == "/v1/chat/completions"]
    texts = [json.dumps(body["messages"]) for body in bodies]
    words = ("Tokyo", "San Francisco", "time")
    return [word for text in texts for word in words if word in text]


@pytest.mark.parametrize(
    ("words", "sent", "spared"),
    [
        ((), ["time"], 4),
        (("--allow", "load"), ["time", "San Francisco"], 2),
        (("--allow", "crash"), ["time", "Tokyo"], 2),
        (("--allow", "load,crash"), ["time", "San Francisco", "Tokyo"], 0),
    ],
)
def test_a_borrowed_server_gets_what_is_allowed_and_the_worst_last(
    words: tuple[str, ...], sent: list[str], spared: int, tmp_path: Path
) -> None:
    with ScriptedServer(good) as server:
        ended = job(tmp_path, "--target", server.url, *PLUGIN, *words)
        assert list(dict.fromkeys(asked(server))) == sent
    assert ended.status == 0, ended.said
    outcomes = ended.run().outcomes
    notes = [outcome.note for outcome in outcomes if outcome.result == "not-applicable"]
    assert len(notes) == spared
    assert all("only with --allow" in note for note in notes)
    assert ("it may kill a server that is not ours" in ended.said) == any("kill" in note for note in notes)


@pytest.mark.parametrize(
    ("target", "risk", "allowed", "runs"),
    [
        ("http://127.0.0.1:1", "none", (), True),
        ("http://127.0.0.1:1", "load", (), False),
        ("http://127.0.0.1:1", "crash", ("load",), False),
        ("http://127.0.0.1:1", "crash", ("load", "crash"), True),
        ("process:0.32.0", "crash", (), True),
        ("container:image", "load", (), True),
    ],
)
def test_who_is_spared(target: str, risk: Risk, allowed: tuple[Risk, ...], runs: bool) -> None:
    resolved = ResolvedTarget(parse_target(target), load_profile("fixture"), "", "label")
    assert (may_not_run(risk, resolved, allowed) == "") is runs


def test_a_borrowed_server_of_any_provider_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the provider that says whose the server is."""
    monkeypatch.setitem(known_providers(), lent.NAME, lent)
    resolved = ResolvedTarget(parse_target("lent:gpu-box:8000"), load_profile("fixture"), "", "label")
    assert (
        may_not_run("crash", resolved, ()) == "it may kill a server that is not ours: only with --allow crash"
    )
    assert (
        may_not_run("load", resolved, ()) == "it may load a server that is not ours: only with --allow load"
    )
    assert may_not_run("crash", resolved, ("crash",)) == ""


def test_a_risk_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(UsageProblem, match=r"'lod': no such risk; known are none, load, crash"):
        as_risk("lod")


def test_a_wrong_word_on_the_command_line_is_status_4(tmp_path: Path) -> None:
    ended = job(tmp_path, "--target", "http://127.0.0.1:9", "--allow", "load,everything")
    assert ended.status == 4
    assert "--allow 'everything': no such risk; known are none, load, crash" in ended.said
