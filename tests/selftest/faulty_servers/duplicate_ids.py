from tests.selftest.faulty_servers.changes import Json, each_call, in_chunks, in_whole

DEFECT = "Both calls have the same id."
FINDINGS = {"stream": {"call-identity/duplicate-id"}, "whole": {"call-identity/duplicate-id"}}


def _same_id(body: Json) -> None:
    for call in each_call(body):
        if "id" in call:
            call["id"] = "call_get_weather"


chunks = in_chunks(_same_id)
whole = in_whole(_same_id)
