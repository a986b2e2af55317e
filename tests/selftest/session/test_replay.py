"""A recorded run judged again, with no server: the same word and the same findings, and what is missing is listed."""

import json
from pathlib import Path

import pytest

from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.run import Run
from tests.selftest.jobs import Job, job, words_for_a_file
from tests.selftest.talking_server import Talker, defect, talking

SOME = "(test_query or test_chained or one-call or two-calls) and not cut and not caller"
RETOLD_FIRST = "test_caller_forced and one-call-responses-whole"
"""An item that needs a server, and comes before all that do not."""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """Natural and forced answers, right ones, known defects and unexplained ones."""
    with talking(Talker(defect("arguments_sent_twice"), forgets_calls=True)) as server:
        return job(
            tmp_path_factory.mktemp("runs"), "--target", server.target, "-k", f"{SOME} or {RETOLD_FIRST}"
        )


def judged(run: Run) -> dict[str, Outcome]:
    """What became of each item, but for the names that differ between two sessions."""
    return {
        outcome.name: Outcome(**{**vars(outcome), "item": "", "deployment": ""})
        for outcome in run.outcomes
        if "test_address" not in outcome.name  # told again, with a word that says so
    }


def test_a_replay_says_what_the_run_said(recorded: Job, tmp_path: Path) -> None:
    before = recorded.run()
    again = job(tmp_path, "--target", f"replay:{before.folder}", "-k", SOME)
    after = again.run()
    assert (again.status, recorded.status) == (1, 1), again.said
    assert before.footer
    assert after.footer
    assert (after.footer.word, after.footer.reason) == (before.footer.word, before.footer.reason)
    assert judged(after) == {name: told for name, told in judged(before).items() if "test_caller" not in name}
    assert {outcome.result for outcome in after.outcomes} >= {"passed", "failed", "known"}
    assert any(cell.split == "char" for outcome in after.outcomes for cell in outcome.answers)
    assert "not recorded" not in again.said


def test_a_replay_can_be_replayed(recorded: Job, tmp_path: Path) -> None:
    words = ("-k", f"{SOME} or {RETOLD_FIRST}")
    first = job(tmp_path, "--target", f"replay:{recorded.runs[0]}", *words).run()
    second = job(tmp_path, "--target", f"replay:{first.folder}", *words).run(f"replay:{first.folder}")
    assert "infrastructure" not in {outcome.result for outcome in second.outcomes}
    assert sum("test_caller_forced" in outcome.name for outcome in second.outcomes) == 1
    assert judged(second) == judged(first)
    assert second.header.vllm_version == "0.32.0"


def test_what_was_not_asked_is_listed_and_neither_passes_nor_fails(recorded: Job, tmp_path: Path) -> None:
    again = job(
        tmp_path, "--target", f"replay:{recorded.runs[0]}", "-k", f"{SOME} or (test_follow_up and not cut)"
    )
    missing = [outcome for outcome in again.run().outcomes if outcome.result == "not-recorded"]
    assert {outcome.name.partition("::")[2].partition("[")[0] for outcome in missing} == {"test_follow_up"}
    assert again.status == 1, "what was recorded still counts"
    assert "was not asked in the recorded run" in again.said


def test_what_asks_something_else_today_is_listed_with_the_split(recorded: Job, tmp_path: Path) -> None:
    folder = _copy(recorded.runs[0], tmp_path / "edited")
    path = folder / "exchanges.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        if line["key"]["case"] == "one-call" and line["key"]["split"] == "every-5":
            line["key"]["request_sha256"] = "0" * 64
    path.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    again = job(
        tmp_path / "runs", "--target", f"replay:{folder}", "-k", "test_forced and one-call and stream"
    )
    (outcome,) = again.run().outcomes
    assert outcome.not_applicable == (
        "not recorded: one-call [stream, every-5] asks something else today than was recorded",
    )
    assert "every-5" not in {cell.split for cell in outcome.answers}
    assert "coverage one-call [stream, every-5] asks something else today" in again.said


def test_a_killed_run_is_judged_as_far_as_it_goes_and_is_never_go(tmp_path: Path) -> None:
    with talking() as server:
        whole = job(tmp_path / "a", "--target", server.target, "-k", "test_query").runs[0]
    folder = _copy(whole, tmp_path / "killed")
    lines = (folder / "run.jsonl").read_text().splitlines(keepends=True)
    (folder / "run.jsonl").write_text("".join(lines[:4]) + lines[4][:30])
    again = job(tmp_path / "b", "--target", f"replay:{folder}", "-k", "test_query")
    assert again.status == 10
    assert "NO VERDICT" in again.said
    assert "the recorded run is incomplete: GO as far as it goes" in again.said


def test_an_item_that_needs_a_server_is_told_again(tmp_path: Path) -> None:
    """One that a person may look at is better than none, but it is marked."""
    words = words_for_a_file(
        tmp_path,
        "import pytest\n"
        "@pytest.mark.live_only\n"
        "def test_alone(deployment, item_result):\n"
        "    assert not deployment.recorded, 'it was run without a server'\n",
    )
    with talking() as server:
        first = job(tmp_path / "a", "--target", server.target, *words)
    again = job(tmp_path / "b", "--target", f"replay:{first.runs[0]}", *words)
    (outcome,) = again.run().outcomes
    assert (outcome.result, outcome.note) == ("passed", "as recorded, not judged again")
    assert "retold   1 items as they were recorded" in again.said
    assert again.status == 0, again.said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ({"run.jsonl": None, "exchanges.jsonl": None, "tokens.jsonl": None}, "is no run folder"),
        ({"run.jsonl": "{}\n"}, "run.jsonl:1: no run file of this suite"),
        ({"exchanges.jsonl": '{"key":1}\n'}, "exchanges.jsonl:1: not a recorded exchange"),
        ({"tokens.jsonl": "[]\n"}, "tokens.jsonl:1: damaged: not the tokens of a character"),
    ],
)
def test_a_damaged_recording_is_one_line_and_status_4(
    recorded: Job, tmp_path: Path, damage: dict[str, str | None], says: str
) -> None:
    folder = _copy(recorded.runs[0], tmp_path / "damaged")
    for name, text in damage.items():
        (folder / name).unlink() if text is None else (folder / name).write_text(text)
    again = job(tmp_path / "runs", "--target", f"replay:{folder}")
    assert again.status == 4
    assert says in again.said
    assert len(again.said.strip().splitlines()) == 1


def test_flags_are_for_servers(recorded: Job, tmp_path: Path) -> None:
    again = job(tmp_path, "--target", f"replay:{recorded.runs[0]}[arg=--x]")
    assert again.status == 4
    assert "a replay has only its recording" in again.said


def _copy(source: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in source.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder
