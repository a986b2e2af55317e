"""The scenarios as other programs ask them: other clients of the same address, and the server's other addresses."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.harness.callers import responses
from tests.harness.callers.switchboard import SURFACES, Caller, Surface, Switchboard
from tests.harness.catalogue.tags import tags_of
from tests.harness.forcer import Forcer
from tests.harness.judging import Judge
from tests.harness.recordings import Recordings
from tests.harness.records.case import Case, Mode
from tests.harness.records.observed import Sight
from tests.harness.records.split import CHAR, NATURAL
from tests.harness.verifier import Verifier

pytestmark = pytest.mark.live_only
Observe = Callable[..., None]
"""Of a case, what was seen, and tags beside the case's own."""


@pytest.fixture(scope="session")
def switchboard(recordings: Recordings) -> Iterator[Switchboard]:
    """Knows the callers, and which addresses the server has."""
    found = Switchboard(recordings)
    yield found
    found.close()


@pytest.fixture
def observe(switchboard: Switchboard, judge: Judge, verifier: Verifier) -> Observe:
    """Look the findings up in the ledger by the tags of the case and by others, and end the test."""
    parser = switchboard.live.deployment.profile.parser

    def look_up(case: Case, sight: Sight, *more_tags: str) -> None:
        verifier.observe(judge.observed(sight, case.id, parser, tags_of(case) | set(more_tags)))

    return look_up


@pytest.mark.topic("scenarios", "plain")
def test_caller(case: Case, caller: Caller, switchboard: Switchboard, observe: Observe) -> None:
    """Whoever asks, the calls are the same."""
    if obstacle := switchboard.obstacle(caller):
        pytest.skip(obstacle)
    surface = caller.partition("-")[0]
    observe(case, switchboard.query(case, caller), f"surface={surface if surface in SURFACES else 'chat'}")


@pytest.mark.topic("scenarios", "plain")
def test_caller_follow_up(
    case: Case, surface: Surface, mode: Mode, switchboard: Switchboard, observe: Observe
) -> None:
    """Round two at the server's other addresses uses the results of the tools."""
    if obstacle := switchboard.obstacle(surface):
        pytest.skip(obstacle)
    observe(case, switchboard.follow_up(case, surface, mode), f"surface={surface}")


@pytest.mark.topic("scenarios", "plain")
def test_caller_chained_follow_up(
    case: Case, surface: Surface, mode: Mode, switchboard: Switchboard, observe: Observe
) -> None:
    """Both rounds as a program goes through them: it sends back what its client made of round one."""
    if obstacle := switchboard.obstacle(surface):
        pytest.skip(obstacle)
    observe(case, switchboard.chained(case, surface, mode), f"surface={surface}")


@pytest.mark.topic("forced-*", unbounded=True)
def test_caller_forced(
    case: Case, mode: Mode, switchboard: Switchboard, forcer: Forcer, judge: Judge, observe: Observe
) -> None:
    """What a model is made to say means the same at `/v1/responses` as at the chat address.

    (`/v1/messages` lets nobody force a text.)
    """
    if obstacle := (
        forcer.obstacle() or switchboard.obstacle("responses") or responses.forcing_obstacle(judge.version)
    ):
        pytest.skip(obstacle)
    split, plan = CHAR if mode == "stream" else NATURAL, forcer.plan(case, mode)
    if split not in plan.splits:
        pytest.skip(dict(plan.not_applicable).get(split.name, f"the deployment has no split {split.name}"))
    sight = switchboard.forced(case, partial(forcer.answer, case, mode, split))
    observe(case, sight, "surface=responses", "forced")
