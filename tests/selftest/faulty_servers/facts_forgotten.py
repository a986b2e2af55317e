from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The answer after the tools ran does not use what they returned."
FINDINGS = {"stream": {"mentions/missing-fact"}, "whole": {"mentions/missing-fact"}}
ROUND = 2


def answer(_answer: Answer) -> Answer:
    return Answer(content="The weather in Tokyo and New York is fine.")
