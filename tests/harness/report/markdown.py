"""The verdict as Markdown, for the page of a CI job."""

import re
from collections.abc import Sequence

from tests.harness.gate.wording import count_of
from tests.harness.report.run_report import Blocker, RunReport
from tests.harness.report.tables import gaps, known_table, short_names

LARGEST = 900_000
"""Bytes; GitHub takes 1 MiB a step and shows nothing of more."""
_FENCE = re.compile(r"`{3,}")
_SIGNS = {"GO": "✅", "NO-GO": "❌", "NO VERDICT": "⚠️"}


def markdown(run_reports: Sequence[RunReport]) -> str:
    """Return verdicts, blockers with their evidence folded, known issues, and what was not judged."""
    judged = [run_report for run_report in run_reports if run_report.word]
    blocks = [block for run_report in judged for block in _verdict(run_report)]
    blocks += [*_known(run_reports), *_gaps(run_reports)]
    text, left_out = "", 0
    for block in blocks:
        if len((text + block).encode()) > LARGEST:
            left_out += 1
            continue
        text += block + "\n\n"
    if left_out:
        text += f"{left_out} parts more are in report.html: a summary takes no more than 1 MiB.\n\n"
    return text


def _verdict(run_report: RunReport) -> list[str]:
    header = run_report.run.header
    against = f" against {_code(run_report.comparison.before.target)}" if run_report.comparison else ""
    outcomes = run_report.run.outcomes
    cases = count_of(len({outcome.case for outcome in outcomes}), "case", "cases")
    items = count_of(len(outcomes), "item", "items")
    blocks = [
        f"## {_SIGNS.get(run_report.word or '', '')} {run_report.shown_word}: {_code(header.target)}{against}",
        f"{_plain(run_report.reason)}. {cases} in {items}, {_facts(run_report)}.",
    ]
    if run_report.met:
        blocks.append(f"{_plain(run_report.met)}.")
    if not run_report.is_complete:
        blocks.append("**Incomplete run:** its session ended before its last line.")
    blocks += [f"- {_plain(note)}" for note in run_report.notes]
    if run_report.blockers:
        blocks.append(f"### What blocks ({len(run_report.blockers)})")
        blocks += [_blocker(blocker) for blocker in run_report.blockers]
    return blocks


def _facts(run_report: RunReport) -> str:
    header = run_report.run.header
    version = _plain(header.vllm_version) or "unknown"
    return f"vLLM {version}, model {_code(header.model)}, profile {_code(header.profile)}"


def _blocker(blocker: Blocker) -> str:
    summary = f"<b>{_html(blocker.title)}</b>: {_html(blocker.description)}"
    lines = [*blocker.evidence, *blocker.again]
    if not lines:
        return f"- {summary}"
    text = "\n".join(line[:2000] for line in lines)
    fence = "`" * max([3, *(len(run) + 1 for run in _FENCE.findall(text))])
    return f"<details><summary>{summary}</summary>\n\n{fence}text\n{text}\n{fence}\n\n</details>"


def _known(run_reports: Sequence[RunReport]) -> list[str]:
    entries = known_table(run_reports)
    if not entries:
        return []
    names = short_names(run_reports)
    head = f"| known issue | harm | {' | '.join(map(_cell, names))} |"
    rows = [head, f"| --- | --- |{' ---: |' * len(names)}"]
    for entry in entries:
        link = entry.upstream
        name = f"[{_cell(entry.id)}]({link})" if link.startswith("https://") else _cell(entry.id)
        counts = " | ".join(str(count or "") for count in entry.counts)
        rows.append(f"| {name} | {entry.harm.replace('-', ' ')} | {counts} |")
    return [f"### What is known ({len(entries)})", "Items that showed it:", "\n".join(rows)]


def _gaps(run_reports: Sequence[RunReport]) -> list[str]:
    rows = gaps(run_reports)
    if not rows:
        return []
    lines = [f"- {_plain(name)}: {count} times: {_plain(reason)}" for name, count, reason in rows]
    return ["### What was not judged", "\n".join(lines)]


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")


def _plain(text: str) -> str:
    """Return words that mean nothing to Markdown."""
    return re.sub(r"([\\`*_\[\]#|~])", r"\\\1", _html(text))


def _cell(text: str) -> str:
    return _plain(text)


def _code(text: str) -> str:
    """Return a code span, whatever the text."""
    ticks = "`" * (max([0, *(len(run) for run in re.findall("`+", text))]) + 1)
    return f"{ticks} {text} {ticks}" if "`" in text else f"`{text}`".replace("\n", " ")
