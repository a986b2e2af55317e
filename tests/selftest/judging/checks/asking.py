"""Ask a scripted server as the suite asks a real one, and judge what comes."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from tests.harness.cases.dialects.registry import dialect_named
from tests.harness.cases.load import load_cases
from tests.harness.cases.requests import expected_calls, follow_up_body, query_body
from tests.harness.cases.run_calls import run_calls
from tests.harness.core.records.case import Case, Mode
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.profile import Profile
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.check_selection import judge_what_can_be
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.recorder import Recorder
from tests.harness.recording.sdk_view import sdk_view
from tests.selftest.faulty_servers.correct import MODEL
from tests.selftest.faulty_servers.scripts import Script, serve

CASES = load_cases()
SYNTAX = dialect_named("xlam").syntax


def case_of(script: Script) -> Case:
    return script.case(next(case for case in CASES if case.id == script.case_id))


def profile_of(script: Script) -> Profile:
    fields: dict[str, Any] = {"stable": True, **script.profile}
    fields["wording"] = MappingProxyType(fields.get("wording", {}))
    return Profile(id="scripted", model=MODEL, parser="xlam", why="scripted", syntax=SYNTAX, **fields)


def body_of(script: Script, case: Case, mode: Mode) -> dict[str, Any]:
    if script.round == 1 or any(message["role"] == "tool" for message in case.messages):
        body = query_body(case, mode, MODEL)
    else:
        calls = expected_calls(case)
        body = follow_up_body(case, calls, run_calls(calls), "one-message", mode, MODEL)
    changes = script.request if mode == "stream" else {}
    return {name: value for name, value in {**body, **changes}.items() if value is not None}


def subject_of(script: Script, case: Case, mode: Mode, base_url: str) -> CheckContext:
    body = body_of(script, case, mode)
    with Recorder(base_url, None) as recorder:
        exchange = recorder.record(case.id, mode, "natural", 0, body)
        partner = None
        if mode == "stream":
            whole = recorder.record(case.id, "whole", "natural", 0, body_of(script, case, "whole"))
            partner = read_reply(whole, streamed=False)
    context = CheckContext(
        case=case,
        profile=profile_of(script),
        mode=mode,
        split="natural",
        turn=script.round,
        request=body,
        exchange=exchange,
        reply=read_reply(exchange, streamed=mode == "stream"),
        sdk=sdk_view(exchange),
        partner=partner,
        used_elsewhere=script.used,
        tokens=script.tokens,
        same_cut=script.same_cut,
    )
    choice = context.reply.choice
    runs = run_calls(choice.tool_calls if choice else ()) if script.run_calls else None
    return replace(context, tool_runs=runs)


def ask(script: Script, mode: Mode, case: Case | None = None) -> tuple[Finding, ...]:
    """All findings about one answer of a scripted server."""
    case = case or case_of(script)
    with serve(script, [case]) as base_url:
        return judge_what_can_be(subject_of(script, case, mode, base_url))
