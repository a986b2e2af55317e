from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The model talks about the question instead of calling a tool."
FINDINGS = {
    "stream": {"expected-calls/text-instead-of-calls"},
    "whole": {"expected-calls/text-instead-of-calls"},
}


def answer(_answer: Answer) -> Answer:
    return Answer(content="Sunny in both, I guess.")
