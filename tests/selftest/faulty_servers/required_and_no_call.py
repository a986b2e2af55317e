from tests.selftest.faulty_servers.correct import Answer

CASE = "tool-choice-required"
DEFECT = "A call is demanded, and prose comes."
FINDINGS = {"stream": {"tool-choice/no-call"}, "whole": {"tool-choice/no-call"}}


def answer(_: Answer) -> Answer:
    return Answer(content="Why did the cat sit on the computer?")
