from tests.selftest.faulty_servers.changes import Json, each_call, in_chunks, in_whole

DEFECT = "Calls have no ids."
FINDINGS = {"stream": {"call-identity/no-id"}, "whole": {"call-identity/no-id"}}


def _without_id(body: Json) -> None:
    for call in each_call(body):
        call.pop("id", None)


chunks = in_chunks(_without_id)
whole = in_whole(_without_id)
