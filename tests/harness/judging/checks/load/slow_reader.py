"""A client that does not read for a while loses nothing, and nobody waits for it."""

from collections.abc import Sequence

from tests.harness.core.printable import truncated
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.load import SlowRead, Stream
from tests.harness.judging.check import Check

LARGEST_RATIO, SLACK_S = 3.0, 2.0
"""Beside a slow reader others may take so many times as long as without it, and some seconds more."""
CHECK = Check(
    "slow-reader",
    {
        "text-lost": "A client that reads slowly does not get the whole text.",
        "others-wait": "Other clients wait for one that reads slowly.",
    },
    "https://www.rfc-editor.org/rfc/rfc9293#section-3.8",
    harm={"text-lost": "lost-text"},
)


def judge_slow_read(
    read: SlowRead, wanted: str, alone: Sequence[Stream], beside: Sequence[Stream]
) -> list[Finding]:
    """Judge a slow reader; `alone` and `beside`: the same requests of others without it and during its pause."""
    findings = []
    if read.error or not read.done or read.text != wanted:
        got = read.error or f"{len(read.text)} characters, ending with {truncated(repr(read.text[-40:]))}"
        expected = f"all {len(wanted)} characters and [DONE]"
        findings.append(CHECK.as_described("text-lost", expected, got))
    usual, now = _slowest(alone), _slowest(beside)
    most = LARGEST_RATIO * usual + SLACK_S
    if now > most or any(stream.failed for stream in beside):
        got = f"{now:.1f} s, {_failures(beside)}; without it {usual:.1f} s"
        findings.append(CHECK.as_described("others-wait", f"at most {most:.1f} s, none failed", got))
    return findings


def _failures(streams: Sequence[Stream]) -> str:
    """Return how many failed, and how the first did."""
    failed = [stream for stream in streams if stream.failed]
    how = f" ({failed[0].refused or failed[0].broken or 'without its own arguments'})" if failed else ""
    return f"{len(failed)} of {len(streams)} failed{how}"


def _slowest(streams: Sequence[Stream]) -> float:
    return max((stream.took_s for stream in streams), default=0.0)
