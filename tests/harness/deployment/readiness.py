"""Wait for a server to answer, and notice at once when it cannot any more."""

import time
from pathlib import Path

import httpx2

from tests.harness.deployment.causes import likely_cause
from tests.harness.deployment.contract import LaunchOrder, RunningServer
from tests.harness.deployment.progress import last_line, tail
from tests.harness.records.errors import InfrastructureError

POLL_S = 0.1
"""A healthy server is noticed within two of these, a dead one within two as well."""
_ANSWER_S = 2.0
_SHOWN_LINES = 15
_SEARCHED_LINES = 400
_OK = 200


def await_ready(server: RunningServer, order: LaunchOrder, deadline_s: float) -> float:
    """Wait until `/health` answers 200; returns the seconds it took. Raises InfrastructureError."""
    order.progress.begin("load")
    with httpx2.Client(trust_env=False, timeout=_ANSWER_S) as client:
        while not _healthy(client, server.base_url):
            if ended := server.exited():
                raise InfrastructureError(
                    failure_report(
                        f"the server ended before it was ready: {ended}", server.command, order.log
                    )
                )
            if order.progress.elapsed() > deadline_s:
                raise InfrastructureError(
                    failure_report(
                        f"the server was not ready after {deadline_s:.0f} s (--launch-timeout gives it longer)",
                        server.command,
                        order.log,
                    )
                )
            order.progress.tick(last_line(order.log))
            time.sleep(POLL_S)
    return order.progress.elapsed()


def failure_report(what: str, command: str, log: Path) -> str:
    """What happened, why probably, how it was started and what its log said last."""
    lines = tail(log, _SEARCHED_LINES)
    cause = likely_cause("\n".join([*lines, what]))
    report = [what]
    if cause:
        report.append(f"likely cause: {cause.say}")
    if command:
        report.append(f"command: {command}")
    if lines:
        report.append(f"last lines of {log}:")
        report += [f"  | {line}" for line in lines[-_SHOWN_LINES:]]
    return "\n".join(report)


def _healthy(client: httpx2.Client, base_url: str) -> bool:
    try:
        return client.get(f"{base_url}/health").status_code == _OK
    except httpx2.TransportError:
        return False
