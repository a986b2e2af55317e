from tests.selftest.faulty_servers.changes import Json, in_chunks, in_whole

CASE = "three-choices-of-text"
DEFECT = "Of three choices that are asked for, the last one never comes."
FINDINGS = {"stream": {"choices/wrong-number"}, "whole": {"choices/wrong-number"}}


def _two(body: Json) -> None:
    body["choices"] = body["choices"][:2]


chunks = in_chunks(_two)
whole = in_whole(_two)
