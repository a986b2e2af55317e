"""What is done to a deployment under load; each act ends in what it showed."""

import time

from tests.harness.core.http.open_response import BROKEN
from tests.harness.core.records.figure import Figure, figures_of
from tests.harness.core.records.load import (
    STAGES,
    AfterDisconnects,
    Disconnect,
    Footprint,
    Length,
    Level,
    Stream,
)
from tests.harness.core.records.observation import Observation
from tests.harness.judging.checks.load.disconnects import judge_aftermath
from tests.harness.judging.checks.load.long_arguments import is_steep, judge_lengths, steepness
from tests.harness.judging.checks.load.slow_reader import judge_slow_read
from tests.harness.recording.assemble import read_reply
from tests.harness.suites.load.crosstalk import add, evidence, judge_levels
from tests.harness.suites.load.disconnects import SLACK_CLIENTS, disconnect_often, missed
from tests.harness.suites.load.health_watch import HealthWatch
from tests.harness.suites.load.load_driver import LoadDriver
from tests.harness.suites.load.server_state import settled
from tests.harness.suites.load.slow_reader import HEAVY, read_slowly
from tests.harness.suites.load.streams import one_stream, side_by_side, stream_of
from tests.harness.suites.load.texts import new_secret, text_body, words

SETTLES_WITHIN_S = 15.0
"""Seconds in which a server has to notice that its clients have left."""
OTHERS = 8
"""Clients beside a slow reader."""
SEEN_CHARACTERS, SEEN_WITHIN_S = 1000, 2.0
"""A running request of so many characters is looked for in `/metrics` as long."""
AGAIN, AGAIN_WHERE_QUICK, QUICK_S = 1, 4, 5.0
"""How often steep times are measured again; tenths of a second, as of the scripted engine, say little."""
NO_METRICS = (
    "the server's /metrics count no running request, so what goes on after a client left cannot be seen"
)
PROCESS_ALONE = "a server's memory and files are seen of a process target alone"


def crosstalk(driver: LoadDriver) -> Observation:
    """Run streams side by side at each level, each with a secret of its own."""
    levels, left_out = [], []
    for at_once, number in driver.shape.levels:
        if driver.most_at_once is not None and at_once > driver.most_at_once:
            left_out.append(f"the profile stands {driver.most_at_once} requests at a time, not {at_once}")
            continue
        level = Level(at_once)
        for stream in side_by_side(driver.call, number, at_once):
            add(level, stream)
        driver.require_there(level.first.values())
        driver.say(f"{number} streams, {at_once} at once: {level.failed} failed; {_waited(level)}")
        levels.append(level)
    figures = tuple(figure for level in levels for figure in level.figures())
    shown = driver.keep(evidence(levels))
    return Observation(tuple(judge_levels(levels)), figures, tuple(left_out), shown)


def disconnects(driver: LoadDriver) -> Observation:
    """Run clients that leave in a row, and look at what they leave behind."""
    leave_clients(driver, 2 * len(STAGES))  # what a server takes once is no growth
    counts = _counts(driver)
    allowed = allowed_of(driver)
    before = driver.footprint()
    leavers = leave_clients(driver, driver.shape.leaving)
    busy, waited_s = settled(driver.busy, allowed, SETTLES_WITHIN_S) if counts else (None, 0.0)
    next_ = one_stream(driver.call)
    driver.require_there([next_])
    after = driver.footprint()
    findings = judge_aftermath(AfterDisconnects(leavers, busy, allowed, waited_s, next_, before, after))
    grown = _grown(before, after)
    growth = "".join(f"; {figure.name} {figure.summary}" for figure in grown)
    runs = f", {busy.all} requests run {waited_s:.1f} s later" if busy else ""
    driver.say(f"{len(leavers)} clients left{runs}{growth}")
    left_out = [*missed(leavers), *([] if busy else [NO_METRICS]), *([] if grown else [PROCESS_ALONE])]
    figures = (*figures_of("until nothing runs after clients left", "s", [waited_s] if busy else []), *grown)
    return Observation(tuple(findings), figures, tuple(left_out), driver.keep(next_))


def _counts(driver: LoadDriver) -> bool:
    """Return whether `/metrics` counts a request that runs: a count that never moves proves nothing by its zero."""
    body = driver.body(words(SEEN_CHARACTERS))
    before, _ = settled(driver.busy, 0, SEEN_WITHIN_S)
    try:
        with driver.raw.open(body, driver.limits(body)) as answer:
            next(answer.pieces, b"")
            start = time.monotonic()
            while before and time.monotonic() - start < SEEN_WITHIN_S:
                now = driver.busy()
                if now and now.all > before.all:
                    return True
    except BROKEN:
        return False
    return False


def leave_clients(driver: LoadDriver, number: int) -> list[Disconnect]:
    """Run so many clients that leave, the stages in turn."""
    limits = driver.limits(driver.body(new_secret()))
    return disconnect_often(driver.raw, lambda: driver.body(new_secret()), limits, number)


def long_arguments(driver: LoadDriver) -> Observation:
    """Stream arguments of growing length, each beside the same text without tools, and ask `/health` meanwhile."""
    with HealthWatch(driver.server.deployment.base_url) as watch:
        lengths = _lengths_of(driver)
    times = ", ".join(f"{length.characters} in {length.took_s:.1f} s" for length in lengths)
    longest_s = max(watch.waits_s.values, default=0)
    driver.say(f"characters of arguments: {times}; longest wait for /health {longest_s:.2f} s")
    figures = (
        *figures_of("/health beside long arguments", "s", watch.waits_s.values),
        *(figure for length in lengths for figure in length.figures()),
        *figures_of("growth with length beyond the model's own, exponent", "", [steepness(lengths)]),
    )
    return Observation(tuple(judge_lengths(lengths, watch.lost_probes, watch.within_s)), figures)


def _lengths_of(driver: LoadDriver) -> list[Length]:
    """Measure all lengths; where times grow steeply, again: a busy moment of the machine passes."""
    lengths = [_measured(driver, characters) for characters in driver.shape.lengths]
    took_s = sum(length.took_s + length.plain_s for length in lengths)
    for _ in range(AGAIN if took_s > QUICK_S else AGAIN_WHERE_QUICK):
        if not is_steep(lengths):
            break
        again = [_measured(driver, length.characters) for length in lengths]
        lengths = [one.quickest(other) for one, other in zip(lengths, again, strict=True)]
    return lengths


def _measured(driver: LoadDriver, characters: int) -> Length:
    """Measure one length; the text without tools goes first: the server compiles its grammar once."""
    text = words(characters)
    plain = driver.send(text_body(driver.item, text, driver.server.deployment, driver.version))
    exchange = driver.call(text)
    stream, reply = stream_of(exchange, text), read_reply(exchange, streamed=True)
    driver.require_there([stream_of(plain, ""), stream])
    calls = reply.choice.tool_calls if reply.choice else ()
    return Length(
        characters,
        took_s=exchange.ended_at,
        plain_s=plain.ended_at,
        longest_gap_s=max(stream.gaps_s, default=0.0),
        pieces=sum(bool(delta.arguments) for call in calls for delta in call.deltas),
        wrong=stream.refused
        or stream.broken
        or ("" if stream.holds else f"its arguments begin {stream.arguments}"),
    )


def slow_reader(driver: LoadDriver) -> Observation:
    """Run a client that pauses, and others that are asked during its pause."""
    text = words(driver.shape.slow_text)
    deployment = driver.server.deployment
    body = {**text_body(driver.item, text, deployment, driver.version), **HEAVY}
    alone = list(side_by_side(driver.call, OTHERS, OTHERS))
    beside: list[Stream] = []
    read = read_slowly(
        driver.raw,
        body,
        driver.limits(body),
        lambda: beside.extend(side_by_side(driver.call, OTHERS, OTHERS)),
    )
    driver.require_there([*alone, *beside])
    driver.say(f"a reader that paused {read.paused_s:.1f} s read {read.bytes_after} bytes after it")
    wrong = next((stream for stream in beside if stream.failed), None)
    figures = figures_of("whole stream beside a slow reader", "s", [stream.took_s for stream in beside])
    return Observation(tuple(judge_slow_read(read, text, alone, beside)), figures, (), driver.keep(wrong))


def _waited(level: Level) -> str:
    return "; ".join(f"{figure.name.partition(',')[0]} {figure.summary}" for figure in level.figures()[:1])


def allowed_of(driver: LoadDriver) -> int:
    """Return the requests that may go on: of a borrowed server those of others, of ours none."""
    busy, _ = settled(driver.busy, 0, 1.0)
    return 0 if busy is None or driver.server.deployment.managed else busy.all + SLACK_CLIENTS


def _grown(before: Footprint | None, after: Footprint | None) -> tuple[Figure, ...]:
    if before is None or after is None:
        return ()
    return (
        *figures_of("server's memory after clients left", "MB more", [after.memory_mb - before.memory_mb]),
        *figures_of("server's open files after clients left", "more", [float(after.files - before.files)]),
    )
