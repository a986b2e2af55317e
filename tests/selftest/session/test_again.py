"""The line that says how a failing item is asked again selects this item, and nothing else."""

import html
import shlex
from pathlib import Path

import pytest

from tests.harness.cases.profiles import load_profile, with_parser
from tests.harness.core.records.case import Depth
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.target import Target
from tests.harness.report.evidence import Rerun
from tests.harness.servers import auto
from tests.harness.servers.registry import is_managed, provider_of
from tests.harness.servers.target_strings import parse_target
from tests.harness.session.resolved_target import resolved_targets_of
from tests.selftest.jobs import PARSER, job, session
from tests.selftest.talking_server import Talker, defect, talking

FORCED = "tests/live/test_forced.py::test_forced[{}-one-call-stream]"
DEEP = "tests/live/test_forced.py::test_forced[{}-short-call-after-8k-stream]"
BEGINS_AS_OTHERS = "tests/live/test_callers.py::test_caller[{}-calculate-expression-responses-stream]"
NO_GPU = "no Docker engine answers"


def profile_of(target: Target) -> Profile:
    profile = load_profile(target.profile or provider_of(target).DEFAULT_PROFILE or "")
    return profile if profile.parser else with_parser(profile, target.parser or "xlam")


def deployment_of(target: Target) -> Deployment:
    """A server of a target, under the label that a session gives it."""
    (resolved,) = resolved_targets_of([(target, "")], False, profile_of, {})
    managed = is_managed(target)
    return Deployment(resolved.label, target, resolved.profile, "http://127.0.0.1:1", "m", "0.33.0", managed)


def collected(line: str) -> list[str]:
    """The items that a printed line selects."""
    words = shlex.split(line.partition(" pytest ")[2])
    ended = session("--collect-only", "-q", *words, **{PARSER: ""})
    assert not ended.stderr, ended.stderr
    return [word for word in ended.stdout.splitlines() if "::" in word]


@pytest.mark.parametrize(
    ("text", "refusal", "item", "depth"),
    [
        ("auto", NO_GPU, FORCED, "default"),
        ("auto", None, FORCED, "default"),
        ("auto[profile=xlam-qwen-3b,arg=--no-async-scheduling]", NO_GPU, FORCED, "default"),
        ("wheel:0.33.0[profile=hermes]", NO_GPU, FORCED, "default"),
        ("wheel:0.33.0", NO_GPU, DEEP, "full"),
        ("process:0.32.0", NO_GPU, BEGINS_AS_OTHERS, "default"),
        ("http://127.0.0.1:9[parser=xlam]", NO_GPU, FORCED, "default"),
    ],
)
def test_the_line_selects_its_item_alone(
    text: str, refusal: str | None, item: str, depth: Depth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auto, "gpu_refusal", lambda: refusal)
    target, _ = auto.resolve(parse_target(text))
    deployment = deployment_of(target)
    nodeid = item.format(deployment.label)
    assert collected(Rerun.of(deployment, depth).command(nodeid)) == [nodeid]


def test_so_does_the_line_of_a_session(tmp_path: Path) -> None:
    """On a CI runner, where pytest's summary would say it twice."""
    options = "--depth full --allow load --assume-version 0.32.0"
    words = (*options.split(), "-k", "test_query and tokyo and stream")
    with talking(Talker(defect("duplicate_ids"))) as server:
        ended = job(tmp_path, "--target", server.url, "--parser", "xlam", *words, CI="true", **{PARSER: ""})
    (line,) = (line for line in ended.said.splitlines() if line.strip().startswith("again "))
    run = ended.run()
    assert f"--parser xlam {options} -k" in line
    assert collected(line) == [outcome.item for outcome in run.outcomes]
    (page,) = (folder / "report.html" for folder in ended.runs)
    assert f"--parser xlam {options} -k" in html.unescape(page.read_text())
