"""A session that is forked cannot be told from one that `python -m pytest` begins, and leaves as little behind."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.selftest.fork_server import NOBODY, ROOT, ForkServer, fork_server
from tests.selftest.jobs import session, words_for_a_file
from tests.selftest.talking_server import talking
from tests.selftest.telling import FACTS
from tests.selftest.waiting import wait_until, wait_until_none

HANGS = "import time\ndef test_hangs():\n    print('begun')\n    time.sleep(600)\n"


def told(folder: Path, *words: str, fresh: bool) -> tuple[dict[str, Any], subprocess.CompletedProcess[str]]:
    """What a session tells of its process, and how it ended."""
    path = folder / "facts.json"
    with talking() as server:
        words = ("-p", "tests.selftest.telling", "--target", server.url, "-k", "test_query and tokyo", *words)
        ended = session(f"--runs={folder / 'runs'}", *words, fresh=fresh, **{FACTS: str(path)})
    port = server.url.rpartition(":")[2]
    return json.loads(path.read_text("utf-8").replace(port, "PORT")), ended


def alone(folder: Path, text: str) -> list[str]:
    """The words for a session of one file that has this text."""
    return ["-p", "no:cacheprovider", *NOBODY, *words_for_a_file(folder, text)]


def test_a_forked_session_is_what_a_fresh_one_is(tmp_path: Path) -> None:
    (fresh, begun), (forked, ended) = (told(tmp_path, fresh=fresh) for fresh in (True, False))
    for name, found in fresh["facts"].items():
        assert forked["facts"][name] == found, name
    assert forked["facts"].keys() == fresh["facts"].keys()
    assert (ended.returncode, ended.stderr) == (begun.returncode, begun.stderr)
    varying = r"\d+-\d+-\d+T\d+|127\.0\.0\.1.\d+|\d+\.\d+s|\d+ s\b"
    assert re.sub(varying, "", ended.stdout) == re.sub(varying, "", begun.stdout)


def test_no_two_sessions_draw_the_same_numbers(tmp_path: Path) -> None:
    (first, _), (second, _) = (told(tmp_path, fresh=False) for _ in range(2))
    assert first["random"] != second["random"]


@pytest.mark.parametrize(
    ("line", "status"),
    [("os._exit(3)", 3), ("os.kill(os.getpid(), 9)", -9), ("assert False", 1), ("pass", 0)],
)
def test_the_status_is_the_session_s_own(line: str, status: int, tmp_path: Path) -> None:
    words = alone(tmp_path, f"import os\ndef test_it():\n    {line}\n")
    assert fork_server().run(words, os.environ, 60).returncode == status


def test_a_session_that_hangs_is_ended_and_the_next_one_runs(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        fork_server().run(alone(tmp_path, HANGS), os.environ, 2)
    assert psutil.Process(fork_server().pid).children() == []
    assert fork_server().run(alone(tmp_path, "def test_it(): pass\n"), os.environ, 60).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("PYTHONHASHSEED", "1"), ("LC_ALL", "C"), ("TMPDIR", "/"), ("PATH", "/"), ("XLAM_GATE_TARGET", "auto")],
)
def test_what_python_reads_when_it_starts_needs_a_fresh_one(name: str, value: str) -> None:
    is_late = name in {"PATH", "XLAM_GATE_TARGET"}
    assert fork_server().can_take({**os.environ, name: value}) is is_late


SHORT_LIVED = """#!{python}
import os, sys
{begins}
print("out of memory")
"""


@pytest.mark.parametrize(
    "begins", ["", "os.write(int(sys.argv[3]), b'0')"], ids=["at once", "before a session"]
)
def test_a_server_that_ends_is_told_with_what_it_said(
    begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text(SHORT_LIVED.format(python=sys.executable, begins=begins))
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(
        RuntimeError, match="the fork server of the self-tests ended, and said:\nout of memory"
    ):
        ForkServer().run([], os.environ, 60)


STARTER = """
import os, sys
from tests.selftest.fork_server import ForkServer
server = ForkServer()
print(server.pid, flush=True)
server.run(sys.argv[1:], os.environ, 600)
"""


def test_after_a_sigkill_neither_the_server_nor_its_session_is_left(tmp_path: Path) -> None:
    words = [sys.executable, "-c", STARTER, *alone(tmp_path, HANGS)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        server = psutil.Process(int(starter.stdout.readline()))
        wait_until(server.children, 60)
        family = [server, *server.children()]
        starter.kill()
    wait_until_none(
        lambda: [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    )
