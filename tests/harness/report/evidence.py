"""What a failing item says: what was expected, what came, the event that shows it, and how to see it again."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from tests.harness.core.printable import truncated
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.judged import Judged
from tests.harness.core.records.outcome import Judgement
from tests.harness.core.records.reply import Event
from tests.harness.core.records.subject import CheckContext

_LONGEST = 300
_LONGEST_COMMAND = 100_000
"""A shell takes no longer argument, and no reader either."""


def findings_text(damaged: Sequence[Judged]) -> str:
    """The findings alone, each once, with the splits that show it."""
    return "\n".join(line for group in _groups(damaged) for line in _finding(group, None))


def failure_text(damaged: Sequence[Judged], deployment: Deployment, item: str) -> str:
    """Every finding once, with the event that shows it in the shortest exchange, and two ways to see it again."""
    context = damaged[0].context
    where = context.mode if context.round == 1 else f"{context.mode}, round {context.round}"
    groups = _groups(damaged)
    names = dict.fromkeys(
        group.judgement.finding.name for group in groups if group.judgement.known_issue is None
    )
    # Test pages of CI systems show the first line alone.
    lines = [f"{context.case.id} [{where}]: {', '.join(names)}" if names else f"{context.case.id} [{where}]"]
    for group in groups:
        lines += _finding(group, group.shortest)
    name = item.rpartition("::")[2]
    first = groups[0]  # an unexplained one, if there is any
    lines.append(
        f"  again      pytest --target {shlex.quote(deployment.target.text)} -k {shlex.quote(words_of(name))}"
    )
    if deployment.managed:
        lines.append("  by hand    run with --keep: the server stays, and URL and key file are printed; then")
    lines.append(f"  by hand    {curl(first.shortest, deployment.base_url)}")
    return "\n".join(lines)


@dataclass(frozen=True)
class _Group:
    """The same finding under all splits that show it."""

    judgement: Judgement
    shortest: CheckContext
    splits: tuple[str, ...]


def _groups(damaged: Sequence[Judged]) -> list[_Group]:
    """Unexplained ones first; the evidence is taken from the exchange with the fewest events."""
    found: dict[tuple[str, str | None], list[tuple[Judgement, CheckContext]]] = {}
    for entry in damaged:
        for judgement in entry.judgements:
            found.setdefault((judgement.finding.name, judgement.known_issue), []).append(
                (judgement, entry.context)
            )
    groups = []
    for shown in found.values():
        judgement, context = min(shown, key=lambda pair: len(pair[1].reply.events))
        groups.append(_Group(judgement, context, tuple(dict.fromkeys(entry.split for _, entry in shown))))
    return sorted(groups, key=lambda group: group.judgement.known_issue is not None)


def curl(context: CheckContext, base_url: str) -> str:
    """The request as a command; the key stays in the environment."""
    flags = "-sN" if context.mode == "stream" else "-s"
    request = context.exchange.request
    body = shlex.quote(request.decode("utf-8", "replace"))
    if len(request) > _LONGEST_COMMAND:
        body = f"@request.json   ({len(request)} bytes: the request of {context.exchange.key.name} in exchanges.jsonl)"
    return (
        f'curl {flags} {base_url}{context.exchange.path} -H "Authorization: Bearer $XLAM_GATE_API_KEY" '
        f"-H 'Content-Type: application/json' -d {body}"
    )


def _finding(group: _Group, context: CheckContext | None) -> list[str]:
    finding = group.judgement.finding
    known = f"   known: {group.judgement.known_issue}" if group.judgement.known_issue else ""
    lines = [f"  {finding.name}   {finding.message}{known}"]
    if group.splits != ("natural",):
        lines.append(f"    splits     {', '.join(group.splits)}")
    if finding.expected:
        lines.append(f"    expected   {_short(finding.expected)}")
    if finding.got:
        lines.append(f"    got        {_short(finding.got)}")
    if context is not None and finding.event is not None:
        lines += _around(context.reply.events, finding.event)
    if finding.source:
        lines.append(f"    rule       {finding.source}")
    return lines


def _around(events: Sequence[Event], number: int) -> list[str]:
    """The event that shows the damage, marked, between the one before and the one after it."""
    near = [event for event in events if abs(event.number - number) <= 1]
    return [
        f"  {'>' if event.number == number else ' '} event {event.number:<5}+{event.at * 1000:.0f} ms   "
        f"{_short(_delta(event.json, event.raw))}"
        for event in near
    ]


def _delta(parsed: dict[str, object] | None, raw: str) -> str:
    """The part of a chunk that carries something; the whole event where it is of another shape."""
    match parsed:
        case {"choices": [{"delta": delta, "finish_reason": reason}, *_]}:
            ended = f" finish_reason={reason}" if reason else ""
            return json.dumps(delta, ensure_ascii=False) + ended
    return raw


def words_of(item: str) -> str:
    """A `-k` expression that selects the item: its parts joined by `and`, as brackets are no part of one."""
    name, _, parameters = item.partition("[")
    return f"{name} and {parameters.rstrip(']')}" if parameters else name


def _short(text: str) -> str:
    return truncated(text, _LONGEST)
