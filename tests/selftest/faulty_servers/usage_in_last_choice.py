from tests.selftest.faulty_servers.changes import Json
from tests.selftest.faulty_servers.correct import USAGE

DEFECT = "The counts come with the last choice and not in a chunk of their own."
FINDINGS: dict[str, set[str]] = {"stream": {"usage/not-last"}, "whole": set()}


def chunks(chunks: list[Json]) -> list[Json]:
    return [*chunks[:-2], {**chunks[-2], "usage": USAGE}]
