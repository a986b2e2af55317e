from tests.selftest.faulty_servers.correct import Answer

DEFECT = "An answer that the token limit cut comes with nothing in it."
CASE = "two-calls-cut-off-cut-4"
FINDINGS: dict[str, set[str]] = {"stream": set(), "whole": {"cut-off/lost"}}


def answer(_answer: Answer) -> Answer:
    return Answer(cut=True)
