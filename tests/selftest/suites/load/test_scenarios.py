"""Each rule about a server under load is seen to fail: every defect causes exactly the findings that it pins."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.core.records.observation import Observation
from tests.harness.judging.checks import load as judging_of_load
from tests.harness.judging.registry import all_checks
from tests.harness.servers.footprint import footprint_at
from tests.harness.suites.load import health_watch
from tests.harness.suites.load import scenarios as acts
from tests.harness.suites.load import soak as soak_
from tests.harness.suites.load.load_driver import LoadDriver
from tests.harness.suites.load.load_shape import LoadShape
from tests.harness.suites.load.scenarios import crosstalk, disconnects, long_arguments, slow_reader
from tests.harness.suites.load.soak import soak
from tests.selftest.suites.load.busy_server import Busy, recordings_at, serving

SMALL = LoadShape(((1, 6), (8, 32)), 6, (200, 800), 2000, minutes=0.01)
Act = Callable[[LoadDriver], Observation]
DEFECTS: list[tuple[Act, Busy, set[str]]] = [
    (crosstalk, Busy(), set()),
    (crosstalk, Busy(leaks=True), {"nonce/leaked", "nonce/lost"}),
    (crosstalk, Busy(loses=True), {"nonce/lost"}),
    (crosstalk, Busy(refuses_beyond=0), {"load-failures/refused"}),
    (
        crosstalk,
        Busy(refuses_beyond=1, pace_s=0.02),
        {"load-failures/refused", "load-failures/more-under-load"},
    ),
    (
        crosstalk,
        Busy(cuts_beyond=1, pace_s=0.02),
        {"load-failures/broken-off", "load-failures/more-under-load"},
    ),
    (disconnects, Busy(), set()),
    (disconnects, Busy(never_notices=True), {"disconnects/still-running"}),
    (disconnects, Busy(sulks=True), {"load-failures/refused", "disconnects/next-request"}),
    (long_arguments, Busy(), set()),
    (long_arguments, Busy(loses=True), set()),
    (long_arguments, Busy(reads_again=True), {"long-arguments/grows-faster"}),
    (long_arguments, Busy(refuses_beyond=0), {"long-arguments/no-whole-call"}),
    (long_arguments, Busy(stalls=True), {"long-arguments/health-stalled"}),
    (slow_reader, Busy(), set()),
    (slow_reader, Busy(halves_text=True), {"slow-reader/text-lost"}),
    (slow_reader, Busy(one_at_a_time=True), {"slow-reader/others-wait"}),
    (soak, Busy(), set()),
    (soak, Busy(stalls=True), {"soak/health-stalled"}),
]

LOADS = {path.stem for path in Path(judging_of_load.__path__[0]).glob("*.py")}
LOAD_CHECKS = [check for check in all_checks() if check.id.replace("-", "_") in LOADS]


def shown(act: Act, busy: Busy, folder: Path) -> Observation:
    with serving(busy) as url, recordings_at(url, folder, answer_timeout_s=10) as answer_store:
        driver = LoadDriver(answer_store, "0.32.0", SMALL, act.__name__)
        try:
            return act(driver)
        finally:
            driver.close()


@pytest.mark.parametrize(
    ("act", "busy", "names"), DEFECTS, ids=lambda value: getattr(value, "__name__", None) and value.__name__
)
def test_a_defect_causes_what_it_pins(
    act: Act, busy: Busy, names: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "SETTLES_WITHIN_S", 3.0)
    monkeypatch.setattr(acts, "SEEN_WITHIN_S", 3.0)
    monkeypatch.setattr(health_watch, "WITHIN_S", 1.0)
    monkeypatch.setattr(soak_, "AT_ONCE", 2)
    monkeypatch.setattr(soak_, "LEAVING_A_ROUND", 3)
    sight = shown(act, replace(busy), tmp_path)
    assert {finding.name for finding in sight.findings} == names, sight.findings
    for finding in sight.findings:
        assert finding.message.endswith(".")
        assert finding.expected
        assert finding.got
        assert finding.source.startswith("https://")
    assert sight.figures or names


def test_every_symptom_is_shown() -> None:
    shown_ = {name for _, _, names in DEFECTS for name in names}
    # No small server can be made to show these two: judging/checks/load/test_disconnects.py does.
    shown_ |= {"disconnects/memory-grows", "disconnects/connections-grow"}
    assert shown_ == {f"{check.id}/{word}" for check in LOAD_CHECKS for word in check.symptoms}


def test_a_server_s_footprint_is_that_of_its_process() -> None:
    with serving(Busy()) as url:
        found = footprint_at(url)
    assert found is not None
    assert found.memory_mb > 10
    assert found.files > 3
    assert footprint_at("http://127.0.0.1:1") is None


def test_a_wrong_stream_is_kept_as_evidence(tmp_path: Path) -> None:
    sight = shown(crosstalk, Busy(leaks=True), tmp_path)
    assert sight.exchange.startswith("crosstalk|stream|natural|")
    assert len((tmp_path / "exchanges.jsonl").read_text().splitlines()) == 1


def test_a_count_that_never_moves_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "SEEN_WITHIN_S", 0.3)
    sight = shown(disconnects, Busy(counts_nothing=True), tmp_path)
    assert acts.NO_METRICS in sight.not_applicable
    assert acts.PROCESS_ALONE in sight.not_applicable
    assert sight.findings == ()
    monkeypatch.setattr(acts, "SEEN_WITHIN_S", 5.0)
    assert acts.NO_METRICS not in shown(disconnects, Busy(), tmp_path).not_applicable
