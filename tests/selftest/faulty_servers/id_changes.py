from tests.selftest.faulty_servers.changes import Json, each_call

DEFECT = "Each delta of a call has a new id."
FINDINGS: dict[str, set[str]] = {"stream": {"call-identity/changed-id"}, "whole": set()}


def chunks(chunks: list[Json]) -> list[Json]:
    for number, chunk in enumerate(chunks):
        for call in each_call(chunk):
            call["id"] = f"call_{number}"
    return chunks
