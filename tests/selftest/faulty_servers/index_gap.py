from tests.selftest.faulty_servers.changes import Json, each_call, in_chunks

DEFECT = "The calls are numbered 0 and 2."
FINDINGS: dict[str, set[str]] = {"stream": {"call-index/gap"}, "whole": set()}


def _apart(chunk: Json) -> None:
    for call in each_call(chunk):
        call["index"] *= 2


chunks = in_chunks(_apart)
