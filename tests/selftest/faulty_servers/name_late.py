from tests.selftest.faulty_servers.changes import Json, each_call

DEFECT = "The name comes with the arguments, after the call has begun."
FINDINGS: dict[str, set[str]] = {"stream": {"call-identity/no-name"}, "whole": set()}


def chunks(chunks: list[Json]) -> list[Json]:
    deltas = [call for chunk in chunks for call in each_call(chunk) if call["index"] == 0]
    deltas[1]["function"]["name"] = deltas[0]["function"].pop("name")
    return chunks
