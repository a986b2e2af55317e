from tests.selftest.faulty_servers.changes import Json

DEFECT = "A choice has no message in it."
FINDINGS = {"stream": {"chunk-shape/missing-field"}, "whole": {"chunk-shape/missing-field"}}


def chunks(chunks: list[Json]) -> list[Json]:
    del chunks[3]["choices"][0]["delta"]
    return chunks


def whole(body: Json) -> Json:
    del body["choices"][0]["message"]
    return body
