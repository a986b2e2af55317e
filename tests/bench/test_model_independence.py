"""Cut by character, the results are the parser's alone: two models with much different tokenizers show the same."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.harness.cases.load import load_cases
from tests.harness.cases.profiles import load_profile
from tests.harness.cases.splits import LONG
from tests.harness.core.records.profile import Profile
from tests.harness.judging.judge import Judge
from tests.harness.options import DEFAULT_CONCURRENCY
from tests.harness.servers.cache import cache_folder
from tests.harness.servers.environment import CPU_BUILD, environment_python
from tests.harness.servers.launch import launch
from tests.harness.servers.progress import Progress
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.target_strings import parse_target
from tests.harness.session.ledger import read_ledger
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.forced import ForcedSuite

ROOT = Path(__file__).parents[2]
VERSION = "0.32.0"
CASES = [case for case in load_cases() if case.text and len(case.text) <= LONG and case.depth == "default"]
"""Those that are sent under `char`."""


@dataclass(frozen=True)
class Shown:
    """What a case came to at `char`."""

    result: str
    findings: tuple[str, ...]
    due: tuple[str, ...]
    """`must` entries that cover it."""
    explained_by: tuple[str, ...]


def request_for(profile: Profile, folder: Path) -> LaunchRequest:
    target = parse_target(f"process:{VERSION}")
    return LaunchRequest(target, profile, folder / "server.log", cache_folder(), Progress(print))


def shown_by(profile: Profile, folder: Path) -> Mapping[str, Shown]:
    folder.mkdir()
    server = launch(request_for(profile, folder), deadline_s=600)
    answer_store = AnswerStore(server, folder)
    forced_suite = ForcedSuite(answer_store, Judge(read_ledger(), VERSION), "default")
    forced_suite.record_side_by_side(
        [(case, "stream") for case in CASES], DEFAULT_CONCURRENCY, server.request.progress
    )
    shown = {}
    for case in CASES:
        judged = next(entry for entry in forced_suite.confirmed(case, "stream") if entry.split == "char")
        shown[case.id] = Shown(
            judged.result,
            tuple(sorted({found.finding.name for found in judged.findings})),
            judged.must_due,
            tuple(sorted({found.known_issue or "" for found in judged.findings})),
        )
    forced_suite.close()
    answer_store.close()
    server.shut_down(keep=False)
    return shown


@pytest.mark.timeout(1800)
def test_char_does_not_depend_on_the_tokenizer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    narrow = replace(load_profile("fixture"), splits=("char",))
    python = environment_python(CPU_BUILD, VERSION, request_for(narrow, tmp_path))
    made = tmp_path / "wide"
    subprocess.run([python, "-m", "tests.bench.wide_model", made], cwd=ROOT, check=True)
    ours = shown_by(narrow, tmp_path / "narrow")
    theirs = shown_by(replace(narrow, model_folder=made), tmp_path / "other")
    different = {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}
    due = {name for shown in ours.values() for name in shown.due}
    with capsys.disabled():
        print(f"\n{len(ours)} texts at char, {len(due)} `must` entries due on both, {len(different)} differ")
    assert due
    assert different == {}
