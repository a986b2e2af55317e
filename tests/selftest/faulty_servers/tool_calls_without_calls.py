from tests.selftest.faulty_servers.changes import Json, each_choice, in_chunks, in_whole

DEFECT = "Plain text ends for the reason `tool_calls`."
FINDINGS = {"stream": {"finish-reason/wrong"}, "whole": {"finish-reason/wrong"}}
CASE = "no-tool-fits"


def _tool_calls(body: Json) -> None:
    for choice in each_choice(body):
        if choice["finish_reason"]:
            choice["finish_reason"] = "tool_calls"


chunks = in_chunks(_tool_calls)
whole = in_whole(_tool_calls)
