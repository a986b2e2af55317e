"""What is done to a deployment under load; each act ends in what it showed."""

import time

from tests.harness.bounded.opening import BROKEN
from tests.harness.exchange.assemble import read_reply
from tests.harness.load.health_watch import HealthWatch
from tests.harness.load.leaving import (
    SLACK_CLIENTS,
    STAGES,
    Aftermath,
    Left,
    judge_aftermath,
    leave_often,
    missed,
)
from tests.harness.load.loader import Loader
from tests.harness.load.long_arguments import Length, is_steep, judge_lengths, steepness
from tests.harness.load.nonces import Level, evidence, judge_levels
from tests.harness.load.server_state import Footprint, settled
from tests.harness.load.slow_reader import HEAVY, judge_slow_read, read_slowly
from tests.harness.load.streams import Stream, one_stream, side_by_side, told
from tests.harness.load.texts import new_secret, text_body, words
from tests.harness.records.figure import Figure, figures_of
from tests.harness.records.observed import Sight

SETTLES_WITHIN_S = 15.0
"""Seconds in which a server has to notice that its clients have left."""
OTHERS = 8
"""Clients beside a slow reader."""
SEEN_CHARACTERS, SEEN_WITHIN_S = 1000, 2.0
"""A running request of so many characters is looked for in `/metrics` as long."""
NO_METRICS = (
    "the server's /metrics count no running request, so what goes on after a client left cannot be seen"
)
PROCESS_ALONE = "a server's memory and files are seen of a process target alone"


def nonces(loader: Loader) -> Sight:
    """Streams side by side at each level, each with a secret of its own."""
    levels, left_out = [], []
    for at_once, number in loader.effort.levels:
        if loader.most_at_once is not None and at_once > loader.most_at_once:
            left_out.append(f"the profile stands {loader.most_at_once} requests at a time, not {at_once}")
            continue
        level = Level(at_once)
        for stream in side_by_side(loader.call, number, at_once):
            level.add(stream)
        loader.require_there(level.first.values())
        loader.say(f"{number} streams, {at_once} at once: {level.failed} failed; {_waited(level)}")
        levels.append(level)
    figures = tuple(figure for level in levels for figure in level.figures())
    shown = loader.keep(evidence(levels))
    return Sight(tuple(judge_levels(levels)), figures, tuple(left_out), shown)


def disconnects(loader: Loader) -> Sight:
    """Clients that leave in a row, and what they leave behind."""
    leave_clients(loader, 2 * len(STAGES))  # what a server takes once is no growth
    counts = _counts(loader)
    allowed = allowed_of(loader)
    before = loader.footprint()
    left = leave_clients(loader, loader.effort.leaving)
    busy, waited_s = settled(loader.busy, allowed, SETTLES_WITHIN_S) if counts else (None, 0.0)
    next_ = one_stream(loader.call)
    loader.require_there([next_])
    after = loader.footprint()
    findings = judge_aftermath(Aftermath(left, busy, allowed, waited_s, next_, before, after))
    grown = _grown(before, after)
    said = "".join(f"; {figure.name} {figure.said}" for figure in grown)
    runs = f", {busy.all} requests run {waited_s:.1f} s later" if busy else ""
    loader.say(f"{len(left)} clients left{runs}{said}")
    left_out = [*missed(left), *([] if busy else [NO_METRICS]), *([] if grown else [PROCESS_ALONE])]
    figures = (*figures_of("until nothing runs after clients left", "s", [waited_s] if busy else []), *grown)
    return Sight(tuple(findings), figures, tuple(left_out), loader.keep(next_))


def _counts(loader: Loader) -> bool:
    """Whether `/metrics` counts a request that runs: a count that never moves would prove nothing by its zero."""
    body = loader.body(words(SEEN_CHARACTERS))
    before, _ = settled(loader.busy, 0, SEEN_WITHIN_S)
    try:
        with loader.raw.open(body, loader.limits(body)) as answer:
            next(answer.pieces, b"")
            began = time.monotonic()
            while before and time.monotonic() - began < SEEN_WITHIN_S:
                now = loader.busy()
                if now and now.all > before.all:
                    return True
    except BROKEN:
        return False
    return False


def leave_clients(loader: Loader, number: int) -> list[Left]:
    """So many clients that leave, the stages in turn."""
    limits = loader.limits(loader.body(new_secret()))
    return leave_often(loader.raw, lambda: loader.body(new_secret()), limits, number)


def long_arguments(loader: Loader) -> Sight:
    """Arguments of growing length, each beside the same text without tools, with `/health` asked meanwhile."""
    with HealthWatch(loader.live.deployment.base_url) as watch:
        lengths = [_measured(loader, characters) for characters in loader.effort.lengths]
        if is_steep(lengths):  # a busy moment of the machine does not come twice
            again = [_measured(loader, length.characters) for length in lengths]
            lengths = [one.quickest(other) for one, other in zip(lengths, again, strict=True)]
    times = ", ".join(f"{length.characters} in {length.took_s:.1f} s" for length in lengths)
    longest_s = max(watch.waits_s.values, default=0)
    loader.say(f"characters of arguments: {times}; longest wait for /health {longest_s:.2f} s")
    figures = (
        *figures_of("/health beside long arguments", "s", watch.waits_s.values),
        *(figure for length in lengths for figure in length.figures()),
        *figures_of("growth with length beyond the model's own, exponent", "", [steepness(lengths)]),
    )
    return Sight(tuple(judge_lengths(lengths, watch.lost, watch.within_s)), figures)


def _measured(loader: Loader, characters: int) -> Length:
    """One length; the text without tools goes first: the server compiles its grammar once."""
    text = words(characters)
    model = loader.live.deployment.model
    plain = loader.send(text_body(loader.item, text, model, loader.version))
    called = loader.call(text)
    stream, reply = told(called, text), read_reply(called, streamed=True)
    loader.require_there([told(plain, ""), stream])
    calls = reply.choice.tool_calls if reply.choice else ()
    return Length(
        characters,
        took_s=called.ended_at,
        plain_s=plain.ended_at,
        longest_gap_s=max(stream.gaps_s, default=0.0),
        pieces=sum(bool(delta.arguments) for call in calls for delta in call.deltas),
        wrong=stream.refused
        or stream.broken
        or ("" if stream.holds else f"its arguments begin {stream.arguments}"),
    )


def slow_reader(loader: Loader) -> Sight:
    """A client that pauses, and others that are asked during its pause."""
    text = words(loader.effort.slow_text)
    deployment = loader.live.deployment
    body = {**text_body(loader.item, text, deployment.model, loader.version), **HEAVY}
    alone = list(side_by_side(loader.call, OTHERS, OTHERS))
    beside: list[Stream] = []
    read = read_slowly(
        loader.raw,
        body,
        loader.limits(body),
        lambda: beside.extend(side_by_side(loader.call, OTHERS, OTHERS)),
    )
    loader.require_there([*alone, *beside])
    loader.say(f"a reader that paused {read.paused_s:.1f} s read {read.bytes_after} bytes after it")
    wrong = next((stream for stream in beside if stream.failed), None)
    figures = figures_of("whole stream beside a slow reader", "s", [stream.took_s for stream in beside])
    return Sight(tuple(judge_slow_read(read, text, alone, beside)), figures, (), loader.keep(wrong))


def _waited(level: Level) -> str:
    return "; ".join(f"{figure.name.partition(',')[0]} {figure.said}" for figure in level.figures()[:1])


def allowed_of(loader: Loader) -> int:
    """Requests that may go on: of a borrowed server those of others, of ours none."""
    busy, _ = settled(loader.busy, 0, 1.0)
    return 0 if busy is None or loader.live.deployment.owned else busy.all + SLACK_CLIENTS


def _grown(before: Footprint | None, after: Footprint | None) -> tuple[Figure, ...]:
    if before is None or after is None:
        return ()
    return (
        *figures_of("server's memory after clients left", "MB more", [after.memory_mb - before.memory_mb]),
        *figures_of("server's open files after clients left", "more", [float(after.files - before.files)]),
    )
