"""Wait for a server to answer, and notice at once when it cannot any more."""

import time
from pathlib import Path

from tests.harness.core.http.ask import OK, NoAnswer, ask
from tests.harness.core.printable import truncated
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.servers.causes import likely_cause
from tests.harness.servers.progress import last_line, tail
from tests.harness.servers.provider import LaunchRequest, ServerHandle

POLL_S = 0.1
"""A healthy server is noticed within two of these, a dead one within two as well."""
_ANSWER_S = 2.0
_FIRST_FAILURE = 500
_SHOWN_LINES = 15
_SEARCHED_LINES = 400
_TELLING_CHARACTERS = 600


def await_ready(server: ServerHandle, request: LaunchRequest, deadline_s: float) -> float:
    """Wait until `/health` answers 200; returns the seconds it took. Raises InfrastructureError."""
    request.progress.begin("load")
    while why := health_problem(server.base_url, _ANSWER_S):
        if ended := server.exited():
            raise InfrastructureError(
                failure_report(f"the server ended before it was ready: {ended}", server.command, request.log)
            )
        if request.progress.elapsed() > deadline_s:
            raise InfrastructureError(
                failure_report(
                    f"the server was not ready after {deadline_s:.0f} s: /health {why} (--launch-timeout gives it"
                    " longer)",
                    server.command,
                    request.log,
                )
            )
        request.progress.tick(last_line(request.log))
        time.sleep(POLL_S)
    return request.progress.elapsed()


def failure_report(what: str, command: str, log: Path) -> str:
    """Return what happened, why probably, how it was started and what its log said last."""
    lines = tail(log, _SEARCHED_LINES)
    cause = likely_cause("\n".join([*lines, what]))
    report = [what]
    if cause:
        report.append(f"likely cause: {cause.say}")
        telling = next((line for line in lines if cause.pattern.search(line)), "")
        report += [f"it said: {truncated(telling.strip(), _TELLING_CHARACTERS)}"] if telling else []
    if command:
        report.append(f"command: {command}")
    if lines:
        report.append(f"last lines of {log}:")
        report += [f"  | {line}" for line in lines[-_SHOWN_LINES:]]
    return "\n".join(report)


def is_failing(base_url: str, within_s: float) -> bool:
    """Return whether `/health` gives no answer or a 5xx; a server that has no such address does not fail."""
    try:
        return ask(base_url, "/health", within_s).status >= _FIRST_FAILURE
    except NoAnswer:
        return True


def health_problem(base_url: str, within_s: float) -> str:
    """Return what `/health` says other than 200 within so many seconds; empty if the server is well."""
    try:
        status = ask(base_url, "/health", within_s).status
    except NoAnswer as error:
        return f"gives no answer ({error})"
    return "" if status == OK else f"answers {status}"
