from tests.selftest.faulty_servers.changes import Json, each_call, in_chunks

DEFECT = "Both calls are numbered 0, so clients make one call of them."
FINDINGS: dict[str, set[str]] = {"stream": {"call-index/shared-index"}, "whole": set()}


def _on_zero(chunk: Json) -> None:
    for call in each_call(chunk):
        call["index"] = 0


chunks = in_chunks(_on_zero)
