"""pytest's hooks, a few lines each; the work is done in the rooms.

Hook reference: https://docs.pytest.org/en/stable/reference/reference.html#hooks
"""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from tests.harness.catalogue.requests import HISTORIES
from tests.harness.closing import Closing
from tests.harness.deployment.bring_up import Live
from tests.harness.deployment.cache import cache_entries, cache_folder, clear_cache
from tests.harness.examiner import Examiner, Judged, KnownFindings, UnexplainedFindings, Verifier
from tests.harness.options import add_options, read_options
from tests.harness.records.case import MODES
from tests.harness.records.errors import InfrastructureError, UsageProblem
from tests.harness.records.outcome import Outcome
from tests.harness.session import Aim, GateSession

GATE = pytest.StashKey[GateSession]()
JUDGED = pytest.StashKey[Judged]()
PROPERTY = "xlam-gate"
"""Name of the user property that carries an outcome from the worker to the controller."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the suite."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Read all that the user wrote before anything is started."""
    config.addinivalue_line("markers", "topic(*names): the cases of these topics are the test's `case`")
    try:
        options = read_options(config)
        config.stash[GATE] = GateSession(options, config.rootpath, _writer(config))
    except UsageProblem as problem:
        raise pytest.UsageError(str(problem)) from None


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """`--cache-info` and `--cache-wipe` do their one job and stop."""
    wipe = config.getoption("--cache-wipe")
    if not wipe and not config.getoption("--cache-info"):
        return None
    folder = cache_folder()
    for entry, size in cache_entries(folder):
        sys.stdout.write(f"{size / 1e6:10.1f} MB  {entry}\n")
    if wipe:
        clear_cache(folder)
    sys.stdout.write(f"{'emptied' if wipe else 'cache in'} {folder}\n")
    return 0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One session parameter only, the deployment; cases, modes and history shapes below it."""
    if "deployment" not in metafunc.fixturenames:
        return
    gate = metafunc.config.stash[GATE]
    labels = [aim.label for aim in gate.aims]
    metafunc.parametrize("deployment", gate.aims, indirect=True, ids=labels, scope="session")
    if "case" in metafunc.fixturenames:
        topics = [name for marker in metafunc.definition.iter_markers("topic") for name in marker.args]
        chosen = [case for case in gate.cases if case.topic in topics]
        if "history" in metafunc.fixturenames:
            chosen = [case for case in chosen if case.follow_up]
        metafunc.parametrize("case", chosen, ids=[case.id for case in chosen])
    if "history" in metafunc.fixturenames:
        metafunc.parametrize("history", HISTORIES)
    if "mode" in metafunc.fixturenames:
        metafunc.parametrize("mode", MODES)


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest) -> Iterator[Live]:
    """A running server; launched at its first test, stopped after its last."""
    gate = request.config.stash[GATE]
    live = gate.open(request.param)
    yield live
    live.take_down(gate.options.keep)


@pytest.fixture(scope="session")
def examiner(deployment: Live, request: pytest.FixtureRequest) -> Iterator[Examiner]:
    """Asks the deployment and records its answers."""
    gate = request.config.stash[GATE]
    folder = (deployment.order.log).parent
    found = Examiner(deployment, gate.issues, gate.options.assume_version, folder)
    yield found
    found.close()


@pytest.fixture
def verifier(examiner: Examiner, request: pytest.FixtureRequest) -> Verifier:
    """Judges answers and ends the test by what it finds; refuses to go on with a dead server."""
    examiner.live.require_alive()
    return Verifier(examiner, request, _publish)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show our own exceptions as their text alone, and put the outcome where the controller finds it."""
    report = yield
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, InfrastructureError | UnexplainedFindings | KnownFindings):
        report.longrepr = str(error)
    aim = getattr(item, "callspec", None) and item.callspec.params.get("deployment")  # type: ignore[attr-defined]
    if isinstance(aim, Aim) and (call.when == "call" or report.outcome != "passed"):
        outcome = _outcome(item, aim, error)
        report.user_properties.append((PROPERTY, outcome.to_json()))
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """The controller alone draws the verdict."""
    if not hasattr(session.config, "workerinput"):
        gate = session.config.stash[GATE]
        session.config.pluginmanager.register(Closing(gate, PROPERTY), "xlam-gate-closing")


def _outcome(item: pytest.Item, aim: Aim, error: BaseException | None) -> Outcome:
    judged = item.stash.get(JUDGED, None)
    params: dict[str, Any] = item.callspec.params  # type: ignore[attr-defined]
    case = params.get("case")
    result, note = "passed", judged.note if judged else ""
    if isinstance(error, InfrastructureError):
        result, note = "infrastructure", str(error)
    elif isinstance(error, UnexplainedFindings):
        result = "failed"
    elif isinstance(error, KnownFindings):
        result = "known"
    elif error is not None:
        result, note = "error", f"{type(error).__name__}: {error}"
    elif note:
        result = "unstable"
    return Outcome(
        item=item.nodeid,
        deployment=aim.label,
        case=case.id if case else item.name,
        mode=params.get("mode", ""),
        result=result,  # type: ignore[arg-type]
        judgements=judged.judgements if judged else (),
        covered=judged.covered if judged else (),
        note=note,
    )


def _publish(request: pytest.FixtureRequest, judged: Judged) -> None:
    request.node.stash[JUDGED] = judged


def _writer(config: pytest.Config) -> Callable[[str], None]:
    def write(line: str) -> None:
        """Past pytest's capture, so that long waits are seen while they last."""
        capture = config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            config.get_terminal_writer().line(line)

    return write
