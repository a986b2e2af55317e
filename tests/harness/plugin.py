"""pytest's hooks, a few lines each; the work is done in the rooms.

Hook reference: https://docs.pytest.org/en/stable/reference/reference.html#hooks
"""

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from fnmatch import fnmatchcase

import pytest

from tests.harness.cases.profiles import settings_of
from tests.harness.cases.requests import HISTORIES
from tests.harness.cases.splits import VERY_LONG, is_swept, is_unbounded
from tests.harness.core.records.case import MODES, Case, Depth
from tests.harness.core.records.errors import InfrastructureError, NotRecorded, UsageProblem
from tests.harness.core.records.outcome import NOT_RECORDED, Outcome
from tests.harness.core.redaction import masked
from tests.harness.fixtures import GATE
from tests.harness.gate.wording import first_line
from tests.harness.options import add_options, is_switched_on, read_options
from tests.harness.servers.cache import cache_entries, cache_folder, clear_cache
from tests.harness.session.bisect import bisect
from tests.harness.session.collect import PLUGIN as COLLECTOR
from tests.harness.session.collect import PROPERTY, OutcomeCollector
from tests.harness.session.finish import SessionFinish
from tests.harness.session.gate_session import GateSession
from tests.harness.session.item_outcome import outcome_of, params_of
from tests.harness.session.item_result import KnownFindings, UnexplainedFindings
from tests.harness.session.narrowed import is_narrowed
from tests.harness.session.repeated_failures import RepeatedFailures
from tests.harness.session.rerender import rerender
from tests.harness.session.resolved_target import ResolvedTarget
from tests.harness.session.risks import by_risk, may_not_run, risk_of
from tests.harness.session.said_cases import said_cases
from tests.harness.session.xdist import distribute_deployments, workerinput_of
from tests.harness.suites.clients.suite import CLIENTS, ENDPOINTS

OUTCOME = pytest.StashKey[Outcome]()
"""The outcome of an item that is not run but told again."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Read all that the user wrote before anything is started."""
    config.addinivalue_line(
        "markers",
        "topic(*patterns, follow_up=False, swept=False, unbounded=False): these topics' cases are the test's `case`",
    )
    config.addinivalue_line("markers", "live_only: needs a server; a replay tells again what was recorded")
    config.addinivalue_line("markers", "risk(word): what the test may do to a server: none, load or crash")
    try:
        options = read_options(config)
        config.stash[GATE] = GateSession(options, config.rootpath, _writer(config), **workerinput_of(config))
    except UsageProblem as problem:
        raise pytest.UsageError(str(problem)) from None
    if config.pluginmanager.hasplugin("xdist"):
        distribute_deployments(config, config.stash[GATE])


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Do the one job of `--bisect`, `--report`, `--cache-info` or `--cache-wipe`, and stop."""
    if span := config.getoption("--bisect"):
        return _bisect(span, config)
    if config.getoption("--report"):
        return _rerender(config)
    try:
        wipe, info = is_switched_on(config, "cache-wipe"), is_switched_on(config, "cache-info")
    except UsageProblem as problem:
        raise pytest.UsageError(str(problem)) from None
    return _tell_cache(wipe) if wipe or info else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test its deployment, the one session parameter, and below it cases, modes and history shapes."""
    if "deployment" not in metafunc.fixturenames:
        return
    gate = metafunc.config.stash[GATE]
    labels = [resolved.label for resolved in gate.resolved_targets]
    metafunc.parametrize("deployment", gate.resolved_targets, indirect=True, ids=labels, scope="session")
    if "case" in metafunc.fixturenames:
        dialects = dict.fromkeys(resolved.profile.dialect for resolved in gate.resolved_targets)
        cases = said_cases(
            {name: _chosen(metafunc, gate.asked_cases(name), gate.options.depth) for name in dialects}
        )
        params = [pytest.param(said, id=said.id, marks=_marks_of(said.any)) for said in cases]
        metafunc.parametrize("case", params, indirect=True)
    if "bad_request" in metafunc.fixturenames:
        params = [pytest.param(bad, id=bad.id, marks=pytest.mark.risk(bad.risk)) for bad in gate.bad_requests]
        metafunc.parametrize("bad_request", params)
    if "setting" in metafunc.fixturenames:
        settings = {profile.id: profile for profile in settings_of("fixture")}
        metafunc.parametrize("setting", settings.values(), ids=settings)
    for name, values in (("history", HISTORIES), ("client", CLIENTS), ("endpoint", ENDPOINTS)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, values)
    if "mode" in metafunc.fixturenames:
        metafunc.parametrize("mode", MODES)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Drop what a deployment's dialect does not say, and put last what may harm a server.

    After pytest has grouped the items by deployment.
    """
    items[:] = by_risk([item for item in items if params_of(item).get("case", True) is not None])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Spare a borrowed server; in a replay, tell an item that needs a server again as it was recorded."""
    resolved = params_of(item).get("deployment")
    if isinstance(resolved, ResolvedTarget) and (
        reason := may_not_run(risk_of(item), resolved, item.config.stash[GATE].options.allow)
    ):
        pytest.skip(reason)
    if isinstance(resolved, ResolvedTarget) and resolved.recorded and item.get_closest_marker("live_only"):
        retold = item.config.stash[GATE].retold(resolved, item.nodeid)
        if retold is None:
            raise NotRecorded("it needs a server, and was not run when the recording was made")
        item.stash[OUTCOME] = retold
        pytest.skip(retold.note)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show our own exceptions as their text alone, and put the outcome where the controller finds it."""
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, InfrastructureError | UnexplainedFindings | KnownFindings):
        with _without_traceback(item.config):
            report = yield
        report.longrepr = masked(str(error))
    else:
        report = yield
    target = params_of(item).get("deployment")
    if isinstance(error, NotRecorded):
        _leave_out(report, item, f"{NOT_RECORDED}{error}")
    elif _failed_before(item, target, error):
        _leave_out(report, item, f"no verdict, as shown above: {first_line(str(error))}")
    if isinstance(target, ResolvedTarget) and (call.when == "call" or report.outcome != "passed"):
        outcome = item.stash.get(OUTCOME, None) or outcome_of(item, target, error)
        report.user_properties.append((PROPERTY, outcome.to_json()))
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let the controller alone draw the verdict."""
    if not hasattr(session.config, "workerinput"):
        gate = session.config.stash[GATE]
        collector = OutcomeCollector(gate)
        if is_narrowed(session.config):
            collector.mark_partial()
        session.config.pluginmanager.register(collector, COLLECTOR)
        session.config.pluginmanager.register(SessionFinish(gate, collector), "xlam-gate-finish")
        session.config.pluginmanager.register(RepeatedFailures(), "xlam-gate-repeated-failures")


def _failed_before(item: pytest.Item, target: object, error: BaseException | None) -> bool:
    """Return whether an item ended as others of its deployment did before: what fails once for all is shown once."""
    if not isinstance(error, InfrastructureError) or not isinstance(target, ResolvedTarget):
        return False
    return item.config.stash[GATE].is_known_failure(target, str(error))


def _leave_out(report: pytest.TestReport, item: pytest.Item, why: str) -> None:
    """Make a report one of those that pytest counts, and does not print one by one."""
    report.outcome = "skipped"
    report.longrepr = (str(item.path), item.location[1] or 0, why)


@contextmanager
def _without_traceback(config: pytest.Config) -> Iterator[None]:
    """Keep pytest from writing each frame's source into a report: it takes a tenth of a second and is not shown."""
    style = config.option.tbstyle
    config.option.tbstyle = "value"
    try:
        yield
    finally:
        config.option.tbstyle = style


def _chosen(metafunc: pytest.Metafunc, cases: Sequence[Case], depth: Depth) -> list[Case]:
    """Return the cases that a test's `topic` marks and its other arguments leave."""
    markers = list(metafunc.definition.iter_markers("topic"))
    topics = [name for marker in markers for name in marker.args]
    chosen = [case for case in cases if any(fnmatchcase(case.topic, topic) for topic in topics)]
    if any(marker.kwargs.get("unbounded") for marker in markers):
        chosen = [case for case in chosen if is_unbounded(case)]
    if any(marker.kwargs.get("swept") for marker in markers):
        chosen = [case for case in chosen if is_swept(case, depth)]
    if any(marker.kwargs.get("follow_up") for marker in markers):
        chosen = [case for case in chosen if case.follow_up]
    return chosen


def _marks_of(case: Case) -> tuple[pytest.MarkDecorator, ...]:
    """Return the marks of a case; very long texts that have to be recorded again outlast the usual bound on hangs."""
    long = (pytest.mark.timeout(3600),) if len(case.text or "") > VERY_LONG else ()
    return (*long, pytest.mark.risk(case.risk))


def _bisect(span: str, config: pytest.Config) -> int:
    args = config.invocation_params.args
    words = [word for at, word in enumerate(args) if "--bisect" not in (word, args[at - 1] if at else "")]
    words = [word for word in words if not word.startswith("--bisect=")]
    try:
        return bisect(span, words, config.rootpath, lambda line: print(line, flush=True))  # noqa: T201
    except UsageProblem as problem:
        raise pytest.UsageError(str(problem)) from None


def _rerender(config: pytest.Config) -> int:
    try:
        baseline = read_options(config).baseline
        lines = rerender(config.getoption("--report"), baseline, config.getoption("--report-file"))
    except UsageProblem as problem:
        raise pytest.UsageError(str(problem)) from None
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _tell_cache(wipe: bool) -> int:
    folder = cache_folder()
    for entry, size in cache_entries(folder):
        sys.stdout.write(f"{size / 1e6:10.1f} MB  {entry}\n")
    if wipe:
        clear_cache(folder)
    sys.stdout.write(f"{'emptied' if wipe else 'cache in'} {folder}\n")
    return 0


def _writer(config: pytest.Config) -> Callable[[str], None]:
    worker = getattr(config, "workerinput", {}).get("workerid", "")

    def write(line: str) -> None:
        """Write past pytest's capture, so that long waits are seen as they last; of a worker on what it inherited."""
        capture = config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            if worker:
                sys.stderr.write(f"[{worker}] {line}\n")
                sys.stderr.flush()
            else:
                config.get_terminal_writer().line(line)

    return write
