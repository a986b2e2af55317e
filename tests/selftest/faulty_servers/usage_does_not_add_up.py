from tests.selftest.faulty_servers.changes import Json, in_whole
from tests.selftest.faulty_servers.correct import USAGE

DEFECT = "The total is not the sum of its parts."
FINDINGS = {"stream": {"usage/wrong-sum"}, "whole": {"usage/wrong-sum"}}
_WRONG = {**USAGE, "total_tokens": 99}

whole = in_whole(lambda body: body.update(usage=_WRONG))


def chunks(chunks: list[Json]) -> list[Json]:
    return [*chunks[:-1], {**chunks[-1], "usage": _WRONG}]
