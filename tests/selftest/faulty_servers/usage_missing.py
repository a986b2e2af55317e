from tests.selftest.faulty_servers.changes import Json, in_whole

DEFECT = "The tokens are not counted."
FINDINGS = {"stream": {"usage/missing"}, "whole": {"usage/missing"}}

whole = in_whole(lambda body: body.pop("usage"))


def chunks(chunks: list[Json]) -> list[Json]:
    return chunks[:-1]
