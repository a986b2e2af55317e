"""What a failing item says: what was expected, what came, the event that shows it, and how to see it again."""

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from tests.harness.core.printable import truncated
from tests.harness.core.records.case import DEPTHS, Depth
from tests.harness.core.records.cut import Cut
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.core.records.recorded_answer import RecordedAnswer
from tests.harness.core.records.reply import Event
from tests.harness.core.records.risk import Risk
from tests.harness.core.records.run import Header
from tests.harness.report.cuts_shown import splits_in_words, text_with_cut
from tests.harness.report.forced_text import forced_text

Recorded = Callable[[str], RecordedAnswer | None]
"""The recording of a name, read when it is needed; None: there is none."""
ANY_SERVER = "http://HOST:PORT"
"""Stands in commands for a server of the reader's own, where the one that was asked is gone."""
_LONGEST = 300
_LONGEST_COMMAND = 100_000
"""A shell takes no longer argument, and no reader either."""
KEEP_HINT = "  by hand    run with --keep: the server stays, and URL and key file are printed; then"


@dataclass(frozen=True)
class Rerun:
    """How a reader asks the same again."""

    target: str
    base_url: str
    managed: bool
    """The server is launched by the suite, and gone when this is read."""
    parser: str = ""
    """Of a borrowed server."""
    depth: str = DEPTHS[0]
    allow: Sequence[str] = ()
    """What a borrowed server was allowed to be sent."""
    assumed_version: str = ""
    """What the ledger was asked about, where that was not the version that the server says."""

    @classmethod
    def of(
        cls, deployment: Deployment, depth: Depth, allow: Sequence[Risk] = (), assumed_version: str = ""
    ) -> Self:
        """Return how a running deployment is asked again."""
        target, parser = deployment.target.text, deployment.profile.parser
        return cls(target, deployment.base_url, deployment.managed, parser, depth, allow, assumed_version)

    @classmethod
    def of_run(cls, header: Header) -> Self:
        """Return how the deployment of a run is asked again; a server that the suite launched is gone."""
        is_there = not header.managed and header.origin.startswith("http")
        url = header.origin if is_there else ANY_SERVER
        return cls(
            target=header.target,
            base_url=url,
            managed=header.managed,
            parser=header.parser,
            depth=header.depth,
            allow=header.allow,
            assumed_version=header.assumed_version,
        )

    @property
    def options(self) -> str:
        """Return what names the server, what it is asked, and by which ledger it is judged."""
        is_borrowed = self.target.startswith("http")
        is_said = re.search(r"[\[,](?:parser|profile)=", self.target)
        given = {
            "target": shlex.quote(self.target),
            "parser": self.parser if is_borrowed and not is_said else "",
            "depth": self.depth if self.depth != DEPTHS[0] else "",
            "allow": ",".join(self.allow) if is_borrowed else "",
            "assume-version": shlex.quote(self.assumed_version) if self.assumed_version else "",
        }
        return " ".join(f"--{name} {value}" for name, value in given.items() if value)

    def command(self, item: str) -> str:
        """Return the line with the pytest command for an item (its node id)."""
        # In brackets as it is: no other item's name holds the whole of it.
        return f"  again      pytest {self.options} -k {shlex.quote(item.rpartition('::')[2])}"

    def by_hand(self, command: str) -> list[str]:
        """Return the lines with a command that asks the server itself."""
        return [*([KEEP_HINT] if self.managed else []), f"  by hand    {command}"]


def findings_text(answers: Sequence[JudgedAnswer]) -> str:
    """Return the findings alone, each once, with the splits that show it."""
    return "\n".join(line for group in _groups(answers) for line in _finding(group, None))


def failure_text(answers: Sequence[JudgedAnswer], rerun: Rerun, item: str, recorded: Recorded) -> str:
    """Return every finding once, with the event that shows it in the shortest exchange, and two ways to see it again.

    `answers` are those of one item that have findings.
    """
    first = answers[0]
    where = first.mode if first.turn == 1 else f"{first.mode}, round {first.turn}"
    known = {answer.exchange: explained for answer in answers if (explained := recorded(answer.exchange))}
    groups = _groups(answers, known)
    names = dict.fromkeys(
        group.explained.finding.name for group in groups if group.explained.known_issue is None
    )
    # Test pages of CI systems show the first line alone.
    lines = [f"{first.case} [{where}]: {', '.join(names)}" if names else f"{first.case} [{where}]"]
    for group in groups:
        lines += _finding(group, group.shortest)
    lines.append(rerun.command(item))
    if shown := next((group.shortest for group in groups if group.shortest), None):
        lines += rerun.by_hand(curl(shown.exchange, rerun.base_url))
    return "\n".join(lines)


@dataclass(frozen=True)
class _Group:
    """The same finding under all splits that show it."""

    explained: ExplainedFinding
    shortest: RecordedAnswer | None
    splits: tuple[str, ...]
    cut: Cut | None = None
    """Of the shortest, where it is known."""


def _groups(
    answers: Sequence[JudgedAnswer], recorded: Mapping[str, RecordedAnswer] | None = None
) -> list[_Group]:
    """Return unexplained findings first; the evidence is taken from the exchange with the fewest events."""
    by_name: dict[tuple[str, str | None], list[tuple[ExplainedFinding, JudgedAnswer]]] = {}
    for answer in answers:
        for explained in answer.findings:
            by_name.setdefault((explained.finding.name, explained.known_issue), []).append(
                (explained, answer)
            )
    groups = [_group(shown, recorded or {}) for shown in by_name.values()]
    return sorted(groups, key=lambda group: group.explained.known_issue is not None)


def _group(
    shown: Sequence[tuple[ExplainedFinding, JudgedAnswer]], recorded: Mapping[str, RecordedAnswer]
) -> _Group:
    proven = [
        (explained, answer.cut, recorded[answer.exchange])
        for explained, answer in shown
        if answer.exchange in recorded
    ]
    splits = tuple(dict.fromkeys(answer.split for _, answer in shown))
    if not proven:
        return _Group(shown[0][0], None, splits)
    explained, cut, shortest = min(proven, key=_length)
    return _Group(explained, shortest, splits, cut)


def _length(proof: tuple[ExplainedFinding, Cut | None, RecordedAnswer]) -> int:
    """Return in how many deltas an answer came, or in how many events where that is not known."""
    _, cut, recorded = proof
    return len(recorded.reply.events) if cut is None else len(cut)


def curl(exchange: Exchange, base_url: str) -> str:
    """Return a request as a command; the key stays in the environment."""
    flags = "-sN" if exchange.key.mode == "stream" else "-s"
    body = shlex.quote(exchange.request.decode("utf-8", "replace"))
    if len(exchange.request) > _LONGEST_COMMAND:
        size = len(exchange.request)
        body = f"@request.json   ({size} bytes: the request of {exchange.key.name} in exchanges.jsonl)"
    return (
        f'curl {flags} {base_url}{exchange.path} -H "Authorization: Bearer $XLAM_GATE_API_KEY" '
        f"-H 'Content-Type: application/json' -d {body}"
    )


def _finding(group: _Group, shown: RecordedAnswer | None) -> list[str]:
    finding = group.explained.finding
    known = f"   known: {group.explained.known_issue}" if group.explained.known_issue else ""
    lines = [f"  {finding.name}   {finding.message}{known}"]
    if group.splits != ("natural",):
        lines.append(f"    splits     {splits_in_words(group.splits)}")
    if shown is not None and group.cut and (text := forced_text(shown.exchange)):
        lines.append(f"    cut        {_short(text_with_cut(text, group.cut))}")
    if finding.expected:
        lines.append(f"    expected   {_short(finding.expected)}")
    if finding.got:
        lines.append(f"    got        {_short(finding.got)}")
    if shown is not None and finding.event is not None:
        lines += _around(shown.reply.events, finding.event)
    if finding.source:
        lines.append(f"    rule       {finding.source}")
    return lines


def _around(events: Sequence[Event], number: int) -> list[str]:
    """Return the event that shows the damage, marked, between the one before and the one after it."""
    near = [event for event in events if abs(event.number - number) <= 1]
    return [
        f"  {'>' if event.number == number else ' '} event {event.number:<5}+{event.at * 1000:.0f} ms   "
        f"{_short(delta_of(event))}"
        for event in near
    ]


def delta_of(event: Event) -> str:
    """Return the part of a chunk that carries something; the whole event where it is of another shape."""
    match event.json:
        case {"choices": [{"delta": delta, "finish_reason": reason}, *_]}:
            ended = f" finish_reason={reason}" if reason else ""
            return json.dumps(delta, ensure_ascii=False) + ended
    return event.raw


def _short(text: str) -> str:
    return truncated(text, _LONGEST)
