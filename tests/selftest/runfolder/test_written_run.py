"""A run that was really made: its files are what their schemas say, and a full disk loses nothing that was written."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.runfolder.archive import Archive
from tests.harness.runfolder.read import read_run
from tests.selftest.jobs import ROOT, Job, job
from tests.selftest.talking_server import Talker, defect, talking
from tests.selftest.waiting import wait_until

SCHEMAS = {
    "run.jsonl": ROOT / "tests/harness/runfolder/run.schema.json",
    "exchanges.jsonl": ROOT / "tests/harness/runfolder/exchange.schema.json",
    "tokens.jsonl": ROOT / "tests/harness/runfolder/tokens.schema.json",
}
KEY = "a-very-secret-key"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Job:
    with talking(Talker(defect("duplicate_ids"))) as server:
        return job(
            tmp_path_factory.mktemp("runs"),
            *("--target", server.target, "-k", "(test_query or one-call) and not cut"),
            XLAM_GATE_API_KEY=KEY,
        )


def complaints(name: str, line: object) -> list[str]:
    schema = json.loads(SCHEMAS[name].read_text())
    return [found.message for found in jsonschema.Draft202012Validator(schema).iter_errors(line)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_line_is_as_its_schema_says(made: Job, name: str) -> None:
    lines = [json.loads(line) for line in (made.runs[0] / name).read_text().splitlines()]
    assert len(lines) > 4
    assert [found for line in lines for found in complaints(name, line)] == []
    for line in lines:
        line.pop(next(reversed(line)))
    assert all(complaints(name, line) for line in lines), "a schema that takes anything says nothing"


def test_the_schemas_are_schemas() -> None:
    for path in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_the_header_says_what_was_tested(made: Job) -> None:
    header = made.run().header
    assert header.target.startswith("http://127.0.0.1:")
    assert (header.vllm_version, header.model, header.profile) == ("0.32.0", "scripted", "fixture")
    assert (header.depth, header.suite_version, header.patched) == ("default", "0.1.0", False)
    assert len(header.cases) == 16
    assert header.suite_commit
    assert {"system", "processor", "cores", "memory"} <= header.host.keys()
    assert made.run().footer


def test_each_judged_answer_leads_to_its_recording(made: Job) -> None:
    archive = Archive(made.runs[0])
    cells = [cell for outcome in made.run().outcomes for cell in outcome.answers]
    assert len(cells) > 10
    for cell in cells:
        exchange = archive.named(cell.exchange)
        assert exchange is not None
        assert exchange.key.split == cell.split
    assert archive.named("no|such|name|0|0") is None


def test_a_damaged_exchange_is_named(made: Job, tmp_path: Path) -> None:
    path = tmp_path / "exchanges.jsonl"
    first = (made.runs[0] / "exchanges.jsonl").read_text().splitlines()[0]
    path.write_text(first[:-40] + "\n")
    archive = Archive(tmp_path)
    (key,) = archive.places
    with pytest.raises(UsageProblem, match=r"exchanges\.jsonl, byte 0: damaged: not a recorded exchange"):
        archive.find(key)


def test_no_secret_is_in_the_files(made: Job) -> None:
    assert not [path for path in made.runs[0].iterdir() if KEY in path.read_text()]


@pytest.mark.parametrize("flag", ["--api-key=sesame", "--hf-token=sesame"])
def test_a_secret_in_a_target_is_refused(tmp_path: Path, flag: str) -> None:
    said = job(tmp_path, "--target", f"process:0.32.0[arg={flag}]")
    assert said.status == 4
    assert "secrets go by environment" in said.said
    assert "sesame" not in said.said


def test_a_secret_in_a_url_is_refused(tmp_path: Path) -> None:
    said = job(tmp_path, "--target", "http://user:sesame@127.0.0.1:9")
    assert said.status == 4
    assert "no user and password in the URL" in said.said
    assert "sesame" not in said.said


def test_a_killed_session_leaves_a_run_that_can_be_read(tmp_path: Path) -> None:
    with talking(Talker(slow_s=0.05)) as server:
        words = [
            "--target",
            server.url,
            "--parser",
            "xlam",
            f"--runs={tmp_path}",
            "-k",
            "test_query or test_follow_up",
        ]
        session = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        wait_until(lambda: any(path.read_text().count("\n") > 5 for path in tmp_path.glob("*/run.jsonl")), 60)
        session.kill()
        session.wait()
    (folder,) = tmp_path.iterdir()
    run = read_run(folder)
    assert run.footer is None
    assert len(run.outcomes) >= 5
    archive = Archive(folder)
    assert all(archive.named(cell.exchange) for outcome in run.outcomes for cell in outcome.answers)


def full_disk_at(size: int) -> None:
    """No file of this process grows beyond `size` bytes: the write fails half way, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_while_recording_is_no_verdict_and_leaves_what_was_recorded(tmp_path: Path) -> None:
    with talking(Talker(padding=120_000)) as server:
        full = job(
            tmp_path, "--target", server.url, "-k", "test_query", prepare=lambda: full_disk_at(600_000)
        )
    assert full.status == 10
    assert "NO VERDICT" in full.said
    assert "exchanges.jsonl cannot be written (File too large), so nothing more can be recorded" in full.said
    folder = full.runs[0]
    assert (folder / "exchanges.jsonl").read_bytes().endswith(b"}\n")
    archive = Archive(folder)
    assert len([archive.find(key) for key in archive.places]) > 2
    results = {outcome.result for outcome in read_run(folder).outcomes}
    assert results == {"passed", "infrastructure"}


def test_a_full_disk_under_the_run_file_is_no_verdict_and_the_run_stays_incomplete(tmp_path: Path) -> None:
    with talking() as server:
        full = job(
            tmp_path,
            "--target",
            server.url,
            "-k",
            "test_forced and one-call and not cut",
            prepare=lambda: full_disk_at(900),
        )
    assert full.status == 10, full.said
    assert "run.jsonl cannot be written (File too large): what it holds can be read" in full.said
    assert full.run().footer is None
