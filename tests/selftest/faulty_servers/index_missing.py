from tests.selftest.faulty_servers.changes import Json, each_call, in_chunks

DEFECT = "The pieces of calls do not say which call they belong to."
FINDINGS: dict[str, set[str]] = {"stream": {"call-index/missing-index"}, "whole": set()}


def _without_index(chunk: Json) -> None:
    for call in each_call(chunk):
        del call["index"]


chunks = in_chunks(_without_index)
