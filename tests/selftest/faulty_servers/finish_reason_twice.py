from tests.selftest.faulty_servers.changes import Json

DEFECT = "The stream says twice that it is finished."
FINDINGS: dict[str, set[str]] = {"stream": {"finish-reason/repeated"}, "whole": set()}


def chunks(chunks: list[Json]) -> list[Json]:
    return [*chunks[:-1], chunks[-2], chunks[-1]]
