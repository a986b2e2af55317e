"""The main job from the outside: a pytest of its own, a server with a known defect, and what is said in the end."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.harness.cases.bad_requests import load_bad_requests
from tests.harness.cases.load import load_cases
from tests.harness.suites.bad_requests.suite import OTHER_ADDRESSES
from tests.selftest.faulty_servers import scripts
from tests.selftest.faulty_servers.scripts import Script, faulty_servers, serve
from tests.selftest.jobs import HANGS_S, session
from tests.selftest.nobody import nobody
from tests.selftest.standin import ROOT, standin_python
from tests.selftest.talking_server import Talker, talking
from tests.selftest.waiting import wait_until

CORRECT = Script("correct", {})
SERVER = "vllm.entrypoints.openai.api_server"


def faulty(name: str) -> Script:
    return next(script for script in faulty_servers() if script.name == name)


def verdict_on(script: Script, *words: str, fresh: bool = False) -> subprocess.CompletedProcess[str]:
    with serve(script, load_cases()) as url:
        return session("--target", url, *words, fresh=fresh)


def offspring(job: "subprocess.Popen[str]") -> list[psutil.Process]:
    return psutil.Process(job.pid).children(recursive=True)


def serves(job: "subprocess.Popen[str]") -> bool:
    """Whether the server has come so far that it has an engine: it is the child of a child of the reaper."""
    family = {one.pid for one in offspring(job)}
    running = [one.info for one in psutil.process_iter(["pid", "cmdline"]) if one.info["pid"] in family]
    return len(running) > 2 and any(SERVER in (info["cmdline"] or ()) for info in running)


def test_a_correct_server_is_a_go() -> None:
    job = verdict_on(CORRECT, "-k", "test_scenarios or test_bad_requests", fresh=True)
    assert job.returncode == 0, job.stdout
    assert "GO (part) http://" in job.stdout
    assert "0 known issues, nothing unexplained" in job.stdout
    mine = [bad for bad in load_bad_requests() if bad.path not in OTHER_ADDRESSES]
    harmless = [bad for bad in mine if bad.risk == "none" and bad.key == "right"]
    assert f"{54 + len(harmless)} passed" in job.stdout


def test_an_unexplained_finding_is_a_no_go_with_its_evidence() -> None:
    job = verdict_on(faulty("duplicate_ids"), "-k", "test_query and tokyo")
    assert job.returncode == 1
    assert "NO-GO" in job.stdout
    shown = "weather-tokyo-and-new-york [whole]   call-identity/duplicate-id   2 answers in 1 case"
    assert f"blocks  {shown}" in job.stdout
    assert "again      pytest --target http://" in job.stdout
    assert "by hand    curl -sN http://" in job.stdout
    assert "Traceback" not in job.stdout


def test_ids_are_compared_over_the_whole_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "with_own_ids", lambda wire, _number: wire)
    job = verdict_on(CORRECT, "-k", "test_query and tokyo")
    assert job.returncode == 1
    assert "unique-ids/answer-id" in job.stdout
    assert "unique-ids/call-id" in job.stdout


def test_a_known_defect_is_an_expected_failure() -> None:
    job = verdict_on(faulty("arguments_sent_twice"), "-k", "test_query and tokyo and stream")
    assert job.returncode == 0, job.stdout
    assert "1 xfailed" in job.stdout
    assert "known   arguments-sent-twice" in job.stdout


def test_a_harm_can_block() -> None:
    job = verdict_on(
        faulty("arguments_sent_twice"), "-k", "test_query and tokyo and stream", "--block", "wrong-call"
    )
    assert job.returncode == 1
    assert "known issue arguments-sent-twice (wrong-call) blocks by --block" in job.stdout


def test_a_model_that_disagrees_with_itself_is_unstable_not_broken() -> None:
    """Stream and whole are said to disagree only if each agrees with itself in repeats."""
    number = count()
    fickle = Script(
        "fickle", {}, answer=lambda answer: replace(answer, content=f"Joke number {next(number)}.")
    )
    job = verdict_on(fickle, "-k", "test_query and no-tool-fits")
    assert job.returncode == 0, job.stdout
    assert "unstable 1 item   model unstable" in job.stdout


def test_a_stream_that_always_tells_another_joke_is_broken() -> None:
    job = verdict_on(faulty("stream_tells_another_joke"), "-k", "test_query and no-tool-fits and stream")
    assert job.returncode == 1, job.stdout
    assert "parity/content-differs" in job.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--target", "podman:x"], "unknown kind 'podman'"),
        (["--target", "process:0.32.0[profile=nope]"], "unknown profile 'nope'"),
        (["--target", "process:0.32.0", "--target", "process:0.32.0"], "is given twice"),
        (["--launch-timeout", "soon"], "a number of at least 1 is wanted"),
        (["--block", "everything"], "no such harm"),
    ],
)
def test_wrong_input_is_one_line_and_status_4(words: list[str], says: str) -> None:
    job = session(*words)
    assert job.returncode == 4
    assert says in job.stderr
    assert len([line for line in job.stderr.splitlines() if line.strip()]) == 1


@pytest.fixture(scope="module")
def unreachable() -> subprocess.CompletedProcess[str]:
    """All that is asked, of nobody."""
    with nobody() as address:
        return session("--target", address, fresh=True)


def test_nobody_at_the_address_is_no_verdict(unreachable: subprocess.CompletedProcess[str]) -> None:
    assert unreachable.returncode == 10
    assert "NO VERDICT" in unreachable.stdout
    assert "is the server running?" in unreachable.stdout
    assert "Traceback" not in unreachable.stdout


def is_first(request: dict[str, Any]) -> bool:
    """Whether it is the question before the tests: one token, to see whether tools are taken."""
    return request.get("max_tokens") == 1


def is_plain(request: dict[str, Any]) -> bool:
    """Whether no tool is on offer, as in an echo."""
    return "tools" not in request


@pytest.mark.parametrize(
    ("fails", "words", "blocks"),
    [
        (is_first, "test_query and calculate", ""),
        (lambda request: not is_first(request), "test_query and calculate", "calculate-expression [whole]"),
        (is_plain, "test_forced and one-call-stream", "one-call [stream]"),
    ],
    ids=["first-question", "scenario", "echo"],
)
def test_a_server_that_is_up_and_fails_is_a_no_go(
    fails: Callable[[dict[str, Any]], bool], words: str, blocks: str
) -> None:
    with talking(Talker(fails=fails)) as talker:
        job = session("--target", talker.target, "-k", words)
    assert job.returncode == 1, job.stdout
    assert "NO-GO (part)" in job.stdout
    failed_at_first = (
        'the server failed at the first question with tools: status 500: {"error": {"message": "boom"'
    )
    assert (failed_at_first in job.stdout) == (not blocks)
    assert f"blocks  {blocks}   http-status/server-error" in job.stdout or not blocks
    assert 'got        500 {"error": {"message": "boom"' in job.stdout or not blocks


def test_what_fails_once_for_all_is_said_once_and_the_verdict_is_the_last_thing(
    unreachable: subprocess.CompletedProcess[str],
) -> None:
    lines = [line for line in unreachable.stdout.splitlines() if line.strip()]
    assert len(lines) < 80, unreachable.stdout
    assert unreachable.stdout.count("is the server running?") <= 3
    verdict = next(number for number, line in enumerate(lines) if line.startswith("NO VERDICT"))
    assert all(line.startswith(" ") for line in lines[verdict + 1 :]), unreachable.stdout


def test_a_server_that_dies_is_no_verdict_for_the_rest(tmp_path: Path) -> None:
    job = session("--target", f"process:{standin_python(tmp_path, dies_after='3')}")
    assert job.returncode == 10
    assert "NO VERDICT" in job.stdout
    assert "died in the middle of the run: killed by SIGKILL (9)" in job.stdout
    assert "stand-in: killing myself as told" in job.stdout
    assert "xfailed" not in job.stdout


def test_a_server_that_does_not_start_is_no_verdict(tmp_path: Path) -> None:
    job = session("--target", f"process:{standin_python(tmp_path, exit='2')}", "-k", "test_scenarios")
    assert job.returncode == 10
    assert "the server ended before it was ready: exit code 2" in job.stdout


def test_nothing_selected_is_pytest_s_own_status() -> None:
    assert verdict_on(CORRECT, "-k", "no_such_test").returncode == 5


def test_ctrl_c_stops_the_server_and_says_so(tmp_path: Path) -> None:
    python = standin_python(tmp_path, delay="30")
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--target", f"process:{python}"]
    job = subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        # A shell starts programs in the background deaf to it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs
    )
    try:
        wait_until(lambda: serves(job), 60)
        family = offspring(job)
        job.send_signal(signal.SIGINT)
        said, _ = job.communicate(timeout=HANGS_S)
    finally:
        job.kill()
    assert job.returncode == 2
    assert "KeyboardInterrupt" in said
    assert psutil.wait_procs(family, 15)[1] == []


def test_environment_variables_stand_for_options() -> None:
    job = session(XLAM_GATE_TARGET="podman:x")
    assert job.returncode == 4
    assert "unknown kind 'podman'" in job.stderr


def test_the_run_folder_holds_recordings_and_no_key(tmp_path: Path) -> None:
    with serve(CORRECT, load_cases()) as url:
        job = session(
            "--target", url, "-k", "test_query and calculate", XLAM_GATE_API_KEY="a-very-secret-key"
        )
    folder = ROOT / (
        next(line.split()[-1] for line in job.stdout.splitlines() if line.strip().startswith("run "))
    )
    texts = [path.read_text() for path in folder.iterdir()]
    assert not [text for text in [*texts, job.stdout, job.stderr] if "a-very-secret-key" in text]
    recorded = [json.loads(line) for line in (folder / "exchanges.jsonl").read_text().splitlines()]
    assert len(recorded) >= 2


def test_the_cache_can_be_shown_and_emptied(tmp_path: Path) -> None:
    (tmp_path / "environments" / "x").mkdir(parents=True)
    (tmp_path / "environments" / "x" / "file").write_bytes(b"1" * 1_500_000)
    shown = session("--cache-info", XLAM_GATE_CACHE=str(tmp_path))
    assert "1.5 MB" in shown.stdout
    emptied = session("--cache-wipe", XLAM_GATE_CACHE=str(tmp_path))
    assert emptied.returncode == 0
    assert not list(tmp_path.iterdir())
