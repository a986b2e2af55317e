"""Exchanges in memory: how many, how large, and which are forgotten first."""

from dataclasses import replace

from tests.harness.core.records.exchange import Exchange, Frame
from tests.harness.suites.recent_exchanges import MOST, MOST_BYTES, RecentExchanges
from tests.selftest.recording.samples import exchange


def numbered(number: int, size: int = 1) -> Exchange:
    sample = exchange()
    return replace(sample, key=replace(sample.key, attempt=number), frames=(Frame(at=0.0, data=b"x" * size),))


def kept(recent: RecentExchanges, exchanges: list[Exchange]) -> list[int]:
    return [one.key.attempt for one in exchanges if recent.find(one.key) is one]


def test_what_was_needed_last_is_forgotten_last() -> None:
    recent, exchanges = RecentExchanges(), [numbered(number) for number in range(MOST + 2)]
    for one in exchanges[:MOST]:
        recent.add(one)
    assert recent.find(exchanges[0].key) is exchanges[0]
    for one in exchanges[MOST:]:
        recent.add(one)
    assert kept(recent, exchanges) == [0, *range(3, MOST + 2)]


def test_large_ones_drive_out_others_and_the_newest_stays_however_large_it_is() -> None:
    recent = RecentExchanges()
    exchanges = [numbered(0), numbered(1, MOST_BYTES - 1000), numbered(2, 2000), numbered(3, 2 * MOST_BYTES)]
    for one in exchanges[:3]:
        recent.add(one)
    assert kept(recent, exchanges) == [2]
    recent.add(exchanges[3])
    assert kept(recent, exchanges) == [3]
    recent.add(numbered(4))
    assert kept(recent, exchanges) == []
