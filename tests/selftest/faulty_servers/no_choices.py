from tests.selftest.faulty_servers.changes import Json

DEFECT = "The list of choices is empty, or null in a chunk."
FINDINGS = {"stream": {"chunk-shape/wrong-type"}, "whole": {"chunk-shape/missing-field"}}


def chunks(chunks: list[Json]) -> list[Json]:
    chunks[3]["choices"] = None
    return chunks


def whole(body: Json) -> Json:
    body["choices"] = []
    return body
