from tests.selftest.faulty_servers.changes import Json, each_call, in_chunks, in_whole

DEFECT = "Calls have no names."
FINDINGS = {"stream": {"call-identity/no-name"}, "whole": {"call-identity/no-name"}}


def _without_name(body: Json) -> None:
    for call in each_call(body):
        call["function"].pop("name", None)


chunks = in_chunks(_without_name)
whole = in_whole(_without_name)
