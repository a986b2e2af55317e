"""The parser against texts that nobody wrote: what is right about them is known by construction."""

from collections.abc import Iterator

import pytest

from tests.harness.drawn_forcer import DrawnForcer
from tests.harness.fuzzer import Fuzzer
from tests.harness.judging import Judge
from tests.harness.plugin import GATE
from tests.harness.recordings import Recordings
from tests.harness.records.case import Mode
from tests.harness.records.fuzzing import Effort
from tests.harness.verifier import Verifier

SECONDS_A_TEXT = 10
"""The last resort against a hang grows with the number of texts."""


@pytest.fixture
def fuzzer(recordings: Recordings, judge: Judge, request: pytest.FixtureRequest) -> Iterator[Fuzzer]:
    """Generates texts and makes the deployment say them."""
    gate = request.config.stash[GATE]
    options = gate.options
    effort = Effort(options.fuzz_examples, options.fuzz_seed)
    request.node.add_marker(pytest.mark.timeout(3600 + SECONDS_A_TEXT * effort.examples))
    forcer = DrawnForcer(recordings, judge, options.depth)
    yield Fuzzer(forcer, effort, gate.concurrency(recordings.live), request.node.nodeid)
    forcer.close()


@pytest.mark.live_only
def test_generated(mode: Mode, fuzzer: Fuzzer, verifier: Verifier) -> None:
    """Generated calls and answers arrive as they were written, however the stream is cut."""
    if obstacle := fuzzer.obstacle(mode):
        pytest.skip(obstacle)
    found = fuzzer.run(mode)
    verifier.verify(*found.judged, failure=found.failure)
