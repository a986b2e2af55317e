from tests.selftest.faulty_servers.changes import Json, each_call, in_chunks

DEFECT = "The call that begins first has the larger number."
FINDINGS: dict[str, set[str]] = {"stream": {"call-index/out-of-order"}, "whole": set()}


def _backwards(chunk: Json) -> None:
    for call in each_call(chunk):
        call["index"] = 1 - call["index"]


chunks = in_chunks(_backwards)
