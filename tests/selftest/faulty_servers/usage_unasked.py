from tests.selftest.faulty_servers.changes import Json
from tests.selftest.faulty_servers.correct import USAGE, chunk

DEFECT = "The stream counts tokens that nobody asked for."
FINDINGS: dict[str, set[str]] = {"stream": {"usage/unexpected"}, "whole": set()}
REQUEST = {"stream_options": None}


def chunks(chunks: list[Json]) -> list[Json]:
    return [*chunks, {**chunk(), "usage": USAGE}]
