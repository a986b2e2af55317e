"""What clients that leave may leave behind: a little memory and a few connections each, and no more."""

from tests.harness.core.records.load import AfterDisconnects, Disconnect, Footprint, Stream
from tests.harness.judging.checks.load.disconnects import judge_aftermath


def right() -> Stream:
    secret = "secret-0123456789abcdef"
    return Stream(secret, "", "", True, (), secret, 0.1, (0.1,), 10.0, 1.0, None)


def growth(before: Footprint, after: Footprint) -> set[str]:
    left = [Disconnect("inside the arguments", reached=True)] * 40
    found = judge_aftermath(AfterDisconnects(left, None, 0, 0.0, right(), before, after))
    return {finding.name for finding in found}


def test_growth_of_memory_and_connections_is_told() -> None:
    small = Footprint(500.0, 40)
    assert growth(small, Footprint(540.0, 45)) == set()
    assert growth(small, Footprint(600.0, 45)) == {"disconnects/memory-grows"}
    assert growth(small, Footprint(500.0, 79)) == {"disconnects/connections-grow"}
