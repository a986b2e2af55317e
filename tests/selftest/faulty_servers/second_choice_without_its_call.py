from tests.selftest.faulty_servers.changes import Json, each_choice, in_chunks, in_whole

CASE = "three-choices-with-a-call"
DEFECT = "Of three choices, the second one has lost its call."
FINDINGS = {
    "stream": {"expected-calls/no-answer", "finish-reason/wrong"},
    "whole": {"expected-calls/no-answer", "finish-reason/wrong"},
}


def _without(body: Json) -> None:
    for choice in each_choice(body):
        if choice["index"] == 1:
            message = "delta" if "delta" in choice else "message"
            choice[message] = {key: part for key, part in choice[message].items() if key != "tool_calls"}


chunks = in_chunks(_without)
whole = in_whole(_without)
