"""A against B from the outside: two servers, a saved run, a replay, an accepted file."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.selftest.jobs import ROOT, Job, job
from tests.selftest.nobody import nobody
from tests.selftest.talking_server import Talker, defect, talking

TOKYO = "test_query and tokyo"
REST = ("-k", "test_scenarios")
"""What the talking server knows; the contract, bad requests and other callers have tests of their own."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A whole run of a right server, forced texts left out: its profile does not promise them."""
    with talking() as server:
        return job(tmp_path_factory.mktemp("saved"), "--target", server.url, *REST)


@pytest.fixture
def broken() -> Iterator[Talker]:
    with talking(Talker(defect("duplicate_ids"))) as server:
        yield server


def test_the_same_server_twice_is_unchanged(tmp_path: Path) -> None:
    with talking() as server:
        same = job(tmp_path, "--target", server.url, "--baseline", server.url, *REST)
    assert same.status == 0, same.said
    assert f"GO (part) {server.url} against {server.url}: " in same.said
    assert "nothing got worse" in same.said
    assert "unchanged 54 answers in 7 cases passed before and after" in same.said
    assert server.asked["/v1/models"] == 2, "each is brought up once"
    assert [run.name.endswith("-baseline") for run in same.runs] == [False, True]


def test_a_regression_is_a_no_go_with_its_proof(broken: Talker, tmp_path: Path) -> None:
    with talking() as before:
        gate = job(tmp_path, "--target", broken.url, "--baseline", before.url, "-k", TOKYO)
    assert gate.status == 1, gate.said
    assert f"NO-GO (part) {broken.url} against {before.url}: " in gate.said
    assert "2 regressions" in gate.said
    lines = gate.said.partition("verdict on")[2].splitlines()
    assert "  1. weather-tokyo-and-new-york [stream; natural]   regression; before: passed" in lines
    proof = "\n".join(lines)
    assert "     call-identity/duplicate-id   Call 1 has the id of call 0" in proof
    assert "event 9" in proof
    assert f"again      pytest --target {broken.url} --parser xlam -k" in proof
    assert f"by hand    curl -sN {broken.url}/v1/chat/completions" in proof
    footer = gate.run(broken.url).footer
    assert footer
    assert footer.word == "NO-GO"


def test_a_baseline_fails_no_item_and_its_defects_are_no_regression(broken: Talker, tmp_path: Path) -> None:
    with talking() as after:
        gate = job(tmp_path, "--target", after.url, "--baseline", broken.url, "-k", TOKYO)
    assert gate.status == 0, gate.said
    assert "2 xfailed" in gate.said
    assert (
        "fixed     weather-tokyo-and-new-york [stream; natural]   was call-identity/duplicate-id" in gate.said
    )
    same = job(tmp_path / "same", "--target", broken.url, "--baseline", broken.url, "-k", TOKYO)
    assert same.status == 0, same.said
    assert "broken    2 answers in 1 case before and after" in same.said


def test_a_saved_run_is_a_baseline(saved: Job, broken: Talker, tmp_path: Path) -> None:
    gate = job(tmp_path, "--target", broken.url, f"--baseline={saved.runs[0]}", *REST)
    assert gate.status == 1
    assert "2 regressions" in gate.said
    assert broken.asked["/v1/models"] == 1


def test_two_saved_runs_are_compared_without_a_server(saved: Job, broken: Talker, tmp_path: Path) -> None:
    after = job(tmp_path / "b", "--target", broken.url, *REST)
    gate = job(tmp_path / "gate", "--target", f"replay:{after.runs[0]}", f"--baseline={saved.runs[0]}", *REST)
    assert gate.status == 1
    assert "2 regressions" in gate.said
    same = job(tmp_path / "same", "--target", f"replay:{saved.runs[0]}", f"--baseline={saved.runs[0]}", *REST)
    assert same.status == 0, same.said
    assert "unchanged 54 answers" in same.said


def test_a_known_regression_blocks_until_it_is_accepted(saved: Job, tmp_path: Path) -> None:
    with talking(Talker(defect("arguments_sent_twice"))) as server:
        words = ["--target", server.url, f"--baseline={saved.runs[0]}", "-k", f"{TOKYO} and stream"]
        blocked = job(tmp_path / "a", *words)
        accepted = job(tmp_path / "b", *words, "--accept-known", "arguments-sent-twice")
    assert blocked.status == 1
    assert "1 known regression" in blocked.said
    assert "--accept-known arguments-sent-twice lets it through" in blocked.said
    assert accepted.status == 0, accepted.said
    assert "accepted  weather-tokyo-and-new-york [stream; natural]   arguments-sent-twice" in accepted.said


def test_what_came_out_can_be_accepted_and_is_a_baseline_then(broken: Talker, tmp_path: Path) -> None:
    # A release that nobody has seen yet: what a stand-in does not show is fixed there, and no stale entry.
    words = ("--target", broken.url, "--assume-version", "99.0")
    first = job(tmp_path / "a", *words, "--accept")
    assert first.status == 1
    name = next(word for word in first.said.split() if word.startswith("tests/baselines/"))
    try:
        gate = job(tmp_path / "b", *words, "--baseline", name)
    finally:
        (ROOT / name).unlink()
    assert gate.status == 0, gate.said
    assert re.search(r"broken +\d+ answers in \d+ cases? before and after", gate.said), gate.said
    assert " 0 known issues, nothing got worse" in gate.said


def test_a_part_of_the_cases_is_not_accepted(tmp_path: Path) -> None:
    with talking() as server:
        part = job(tmp_path, "--target", server.url, "--accept", "-k", TOKYO)
    assert "nothing written for http-127.0.0.1" in part.said
    assert "items were left out" in part.said


def test_an_item_that_only_the_baseline_has_blocks(saved: Job, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    lines = (saved.runs[0] / "run.jsonl").read_text().splitlines()
    extra = next(line for line in lines if "test_query" in line).replace("no-tool-fits", "no-tool-at-all")
    count = len(lines) - 2
    footer = lines[-1].replace(f'"outcomes":{count}', f'"outcomes":{count + 1}')
    (folder / "run.jsonl").write_text("\n".join([*lines[:-1], extra, footer, ""]))
    with talking() as server:
        gate = job(tmp_path / "gate", "--target", server.url, f"--baseline={folder}")
    assert gate.status == 1
    assert "blocks    coverage change: 1 answer in 1 case not in the candidate: " in gate.said


@pytest.mark.parametrize("dead", ["baseline", "target"])
def test_a_dead_server_on_either_side_is_no_verdict(dead: str, tmp_path: Path) -> None:
    with talking() as server, nobody() as address:
        urls = {"target": server.url, "baseline": server.url, dead: address}
        gate = job(tmp_path, "--target", urls["target"], "--baseline", urls["baseline"], "-k", TOKYO)
    assert gate.status == 10
    assert f"the {'candidate' if dead == 'target' else 'baseline'}: the infrastructure failed" in gate.said


def test_a_baseline_that_a_filter_left_out_is_no_verdict(tmp_path: Path) -> None:
    with talking() as server:
        gate = job(
            tmp_path, "--target", server.url, "--baseline", server.url, "-k", f"{TOKYO} and not baseline"
        )
    assert gate.status == 10
    assert "no item of the baseline ran: a filter left it out" in gate.said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["--baseline", "runs/never-was"],
            "--baseline 'runs/never-was': no such file or folder, and no target",
        ),
        (["--baseline", "podman:x"], "--baseline 'podman:x': no such file or folder, and no target"),
        (["--baseline", "process:soon"], "neither a vLLM version"),
        (["--baseline", "tests/baselines/never-was.toml"], "no such file"),
        (["--baseline", "tests"], "tests: no run folder: it holds no run.jsonl"),
        (
            ["--accept-known", "nobody"],
            "--accept-known 'nobody': the ledger (tests/known_issues) has no entry",
        ),
    ],
)
def test_wrong_input_is_one_line_and_status_4(words: list[str], says: str, tmp_path: Path) -> None:
    said = job(tmp_path, "--target", "http://127.0.0.1:9", *words)
    assert said.status == 4
    assert says in said.said
    assert len(said.said.strip().splitlines()) == 1


def test_an_incomplete_baseline_is_refused_before_a_server_is_asked(saved: Job, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    lines = (saved.runs[0] / "run.jsonl").read_text().splitlines(keepends=True)
    (folder / "run.jsonl").write_text("".join(lines[:-1]))
    said = job(tmp_path / "gate", "--target", "http://127.0.0.1:9", f"--baseline={folder}")
    assert said.status == 4
    assert "cannot be a baseline: it is incomplete" in said.said
