from tests.selftest.faulty_servers.changes import Json, each_call, in_chunks

DEFECT = "Later deltas of a call carry its id and type as null."
FINDINGS: dict[str, set[str]] = {"stream": {"chunk-fields/null-field"}, "whole": set()}


def _null(chunk: Json) -> None:
    for call in each_call(chunk):
        call.setdefault("id", None)
        call.setdefault("type", "function")


chunks = in_chunks(_null)
