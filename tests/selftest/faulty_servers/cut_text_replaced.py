from tests.selftest.faulty_servers.correct import Answer

DEFECT = "Where the token limit cuts an answer, the server sends another text."
CASE = "two-calls-cut-off-cut-4"
FINDINGS = {
    "stream": {"cut-off/other-text", "provenance/text"},
    "whole": {"cut-off/other-text", "provenance/text"},
}


def answer(answer: Answer) -> Answer:
    return Answer(content="This was too long.", cut=True)
