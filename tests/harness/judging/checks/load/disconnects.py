"""Clients that leave leave nothing behind: no running request, no memory, no open file, no harm to the next one."""

from collections.abc import Sequence

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.load import AfterDisconnects, Footprint
from tests.harness.judging.check import Check
from tests.harness.judging.checks.load import load_failures

SLACK_MB, SLACK_MB_EACH = 48.0, 0.25
"""A server's memory moves by as much without a leak; a leaked request of vLLM takes more than a quarter megabyte."""
SHARE_OF_FILES = 0.25
"""Clients whose connection may still be open a moment after the last one left."""
CHECK = Check(
    "disconnects",
    {
        "still-running": "The server goes on with requests whose clients have left.",
        "next-request": "The request after clients have left is not answered as it should be.",
        "memory-grows": "Clients that leave make the server's memory grow.",
        "connections-grow": "Clients that leave make the server's open files and connections grow.",
    },
    "https://docs.vllm.ai/en/latest/usage/metrics.html",
    harm={"next-request": "outage", "still-running": "outage"},
)


def judge_aftermath(aftermath: AfterDisconnects) -> Sequence[Finding]:
    """Return all that is wrong with what was left behind."""
    findings = []
    clients = len(aftermath.disconnects)
    if refused := [entry.refused for entry in aftermath.disconnects if entry.refused]:
        findings.append(load_failures.refused(f"{refused[0]}; {len(refused)} of {clients} clients"))
    if aftermath.busy is not None and aftermath.busy.all > aftermath.allowed:
        findings.append(
            CHECK.as_described(
                "still-running",
                f"at most {aftermath.allowed} requests running and waiting",
                f"{aftermath.busy.running} running and {aftermath.busy.waiting} waiting"
                f" {aftermath.waited_s:.0f} s after the last of {clients} clients left",
            )
        )
    if aftermath.next_.failed or aftermath.next_.foreign:
        got = (
            aftermath.next_.refused
            or aftermath.next_.broken
            or ", ".join(aftermath.next_.foreign)
            or aftermath.next_.arguments
            or "no arguments"
        )
        findings.append(
            CHECK.as_described("next-request", f"a call with {aftermath.next_.secret} alone", got)
        )
    if aftermath.before and aftermath.after:
        findings += _growth(clients, aftermath.before, aftermath.after)
    return findings


def _growth(clients: int, before: Footprint, after: Footprint) -> list[Finding]:
    grown_mb, most_mb = after.memory_mb - before.memory_mb, SLACK_MB + SLACK_MB_EACH * clients
    more_files, most = after.files - before.files, SHARE_OF_FILES * clients
    findings = []
    if grown_mb > most_mb:
        got = f"{grown_mb:.0f} MB more after {clients} clients: {before.memory_mb:.0f}, then {after.memory_mb:.0f}"
        findings.append(CHECK.as_described("memory-grows", f"at most {most_mb:.0f} MB more", got))
    if more_files > most:
        got = f"{more_files} more after {clients} clients: {before.files}, then {after.files}"
        findings.append(CHECK.as_described("connections-grow", f"at most {most:.0f} more", got))
    return findings
