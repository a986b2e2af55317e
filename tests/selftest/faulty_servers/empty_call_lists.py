from tests.selftest.faulty_servers.changes import Json, each_message, in_chunks

DEFECT = "Chunks without calls carry an empty list of them."
FINDINGS: dict[str, set[str]] = {"stream": {"chunk-fields/empty-list"}, "whole": set()}


def _empty(chunk: Json) -> None:
    for delta in each_message(chunk):
        delta.setdefault("tool_calls", [])


chunks = in_chunks(_empty)
