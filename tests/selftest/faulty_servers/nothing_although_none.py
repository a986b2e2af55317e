from tests.selftest.faulty_servers.correct import Answer

CASE = "tool-choice-none-and-a-call-as-text"
DEFECT = "Text that looks like a call is deleted although no tool may be called."
FINDINGS = {"stream": {"tool-choice/no-text"}, "whole": {"tool-choice/no-text"}}


def answer(_: Answer) -> Answer:
    return Answer(content="")
