"""What a failing item says: what was expected, what came, the event that shows it, and how to see it again."""

import json
import shlex
from collections.abc import Sequence

from tests.harness.records.outcome import Judgement
from tests.harness.records.subject import Subject

_LONGEST = 300


def findings_text(judgements: Sequence[Judgement]) -> str:
    """The findings alone, one paragraph each."""
    return "\n".join(line for judgement in judgements for line in _finding(judgement, None))


def failure_text(
    subject: Subject, judgements: Sequence[Judgement], target: str, base_url: str, item: str
) -> str:
    """The findings of one answer with the events that show them and two ways to see it again."""
    place = f"{subject.case.id} [{subject.mode}, {subject.split}]"
    lines = [place if subject.round == 1 else f"{place} round {subject.round}"]
    for judgement in judgements:
        lines += _finding(judgement, subject)
    name = item.rpartition("::")[2]
    lines.append(f"  again      pytest --target {shlex.quote(target)} -k {shlex.quote(_words(name))}")
    lines.append(f"  by hand    {curl(subject, base_url)}")
    return "\n".join(lines)


def curl(subject: Subject, base_url: str) -> str:
    """The request as a command; the key stays in the environment."""
    flags = "-sN" if subject.mode == "stream" else "-s"
    body = shlex.quote(subject.exchange.request.decode("utf-8", "replace"))
    return (
        f'curl {flags} {base_url}{subject.exchange.path} -H "Authorization: Bearer $XLAM_GATE_API_KEY" '
        f"-H 'Content-Type: application/json' -d {body}"
    )


def _finding(judgement: Judgement, subject: Subject | None) -> list[str]:
    finding = judgement.finding
    known = f"   known: {judgement.known_issue}" if judgement.known_issue else ""
    lines = [f"  {finding.name}   {finding.message}{known}"]
    if finding.expected:
        lines.append(f"    expected   {_short(finding.expected)}")
    if finding.got:
        lines.append(f"    got        {_short(finding.got)}")
    if subject is not None and finding.event is not None:
        event = next((event for event in subject.reply.events if event.number == finding.event), None)
        if event is not None:
            lines.append(
                f"    event {event.number:<5}+{event.at * 1000:.0f} ms   {_short(_delta(event.json, event.raw))}"
            )
    if finding.source:
        lines.append(f"    rule       {finding.source}")
    return lines


def _delta(parsed: dict[str, object] | None, raw: str) -> str:
    """The part of a chunk that carries something; the whole event where it is of another shape."""
    match parsed:
        case {"choices": [{"delta": delta, "finish_reason": reason}, *_]}:
            ended = f" finish_reason={reason}" if reason else ""
            return json.dumps(delta, ensure_ascii=False) + ended
    return raw


def _words(item: str) -> str:
    """A `-k` expression that selects the item: its parts joined by `and`, as brackets are no part of one."""
    name, _, parameters = item.partition("[")
    return f"{name} and {parameters.rstrip(']')}" if parameters else name


def _short(text: str) -> str:
    line = text.replace("\n", "\\n")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}... ({len(line)} characters)"
