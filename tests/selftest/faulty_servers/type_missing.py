from tests.selftest.faulty_servers.changes import Json, each_call, in_chunks, in_whole

DEFECT = "Calls do not say that they are calls of functions."
FINDINGS = {"stream": {"call-identity/wrong-type"}, "whole": {"call-identity/wrong-type"}}


def _without_type(body: Json) -> None:
    for call in each_call(body):
        call.pop("type", None)


chunks = in_chunks(_without_type)
whole = in_whole(_without_type)
