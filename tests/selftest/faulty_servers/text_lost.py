from tests.selftest.faulty_servers.correct import Answer

DEFECT = "Text that is no call is thrown away."
FINDINGS = {"stream": {"content/lost"}, "whole": {"content/lost"}}
CASE = "no-tool-fits"


def answer(_answer: Answer) -> Answer:
    return Answer()
