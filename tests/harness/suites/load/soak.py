"""Minutes of mixed load: streams with secrets and clients that leave, while server and suite are watched."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.harness.core.records.figure import figures_of
from tests.harness.core.records.load import STAGES, AfterDisconnects, Disconnect, Level
from tests.harness.core.records.observation import Observation
from tests.harness.core.records.samples import Samples
from tests.harness.judging.checks.load.disconnects import judge_aftermath
from tests.harness.judging.checks.load.soak import judge_health
from tests.harness.suites.load.crosstalk import add, evidence, judge_levels
from tests.harness.suites.load.health_watch import HealthWatch
from tests.harness.suites.load.load_driver import LoadDriver
from tests.harness.suites.load.scenarios import SETTLES_WITHIN_S, allowed_of, leave_clients
from tests.harness.suites.load.server_state import own_memory_mb, settled
from tests.harness.suites.load.streams import one_stream, side_by_side

AT_ONCE = 64
LEAVING_A_ROUND = 2 * len(STAGES)
LINE_EVERY_S = 60.0


@dataclass
class Tally:
    """What the rounds came to so far; it does not grow with them."""

    level: Level
    leavers: int = 0
    refused: list[Disconnect] = field(default_factory=list)
    """The first clients of those that were refused."""
    first_mb: float = 0.0
    """The suite's own memory after the first round."""
    last_mb: float = 0.0
    memory_mb: Samples = field(default_factory=Samples)

    def add(self, disconnects: list[Disconnect]) -> None:
        """Count a round that has ended."""
        self.leavers += len(disconnects)
        self.refused = [*self.refused, *(entry for entry in disconnects if entry.refused)][:1]
        self.last_mb = own_memory_mb()
        self.first_mb = self.first_mb or self.last_mb
        self.memory_mb.add(self.last_mb)

    def summary(self, minutes: float) -> str:
        """Return the tally in a line."""
        return (
            f"{minutes:.1f} min: {self.level.number} streams, {self.level.failed} failed, {self.leavers} clients left;"
            f" the suite takes {self.last_mb:.0f} MB, {self.last_mb - self.first_mb:+.1f} since the first round"
        )


def soak(driver: LoadDriver) -> Observation:
    """Run rounds of streams, with clients that leave beside them, until the time is over."""
    soak_round(driver, Level(AT_ONCE))  # what suite and server take once is no growth
    allowed, before = allowed_of(driver), driver.footprint()
    with HealthWatch(driver.server.deployment.base_url) as watch:
        tally = _rounds(driver)
    busy, waited_s = settled(driver.busy, allowed, SETTLES_WITHIN_S)
    last = one_stream(driver.call)
    driver.require_there([last])
    after = driver.footprint()
    disconnects = [
        *tally.refused,
        *[Disconnect(STAGES[0], reached=True)] * (tally.leavers - len(tally.refused)),
    ]
    aftermath = AfterDisconnects(disconnects, busy, allowed, waited_s, last, before, after)
    findings = (
        *judge_levels([tally.level]),
        *judge_aftermath(aftermath),
        *judge_health(watch.lost_probes, watch.within_s),
    )
    grown = [after.memory_mb - before.memory_mb] if before and after else []
    figures = (
        *tally.level.figures(),
        *figures_of("streams of the soak", "streams", [float(tally.level.number)]),
        *figures_of("/health during the soak", "s", watch.waits_s.values),
        *figures_of("the suite's memory during the soak", "MB", tally.memory_mb.values),
        *figures_of("the suite's memory since the first round", "MB more", [tally.last_mb - tally.first_mb]),
        *figures_of("server's memory after the soak", "MB more", grown),
    )
    for figure in figures:
        driver.say(f"{figure.name}: {figure.summary}")
    return Observation(findings, figures, (), driver.keep(evidence([tally.level])))


def _rounds(driver: LoadDriver) -> Tally:
    tally = Tally(Level(AT_ONCE))
    start = last_line = time.monotonic()
    while not tally.leavers or time.monotonic() - start < 60 * driver.shape.minutes:
        tally.add(soak_round(driver, tally.level))
        if time.monotonic() - last_line > LINE_EVERY_S:
            last_line = time.monotonic()
            driver.say(tally.summary((last_line - start) / 60) + _server_state(driver))
    driver.say(tally.summary((time.monotonic() - start) / 60) + _server_state(driver))
    return tally


def _server_state(driver: LoadDriver) -> str:
    footprint = driver.footprint()
    return f"; the server {footprint.memory_mb:.0f} MB" if footprint else ""


def soak_round(driver: LoadDriver, level: Level) -> list[Disconnect]:
    """Run streams side by side and, meanwhile, clients that leave."""
    with ThreadPoolExecutor(1) as pool:
        leaving = pool.submit(leave_clients, driver, LEAVING_A_ROUND)
        for stream in side_by_side(driver.call, AT_ONCE, AT_ONCE):
            add(level, stream)
        disconnects = leaving.result()
    driver.require_there(level.first.values())
    return disconnects
