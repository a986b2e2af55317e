from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A model that always says the same says something else."
FINDINGS = {"stream": {"content/other-text"}, "whole": {"content/other-text"}}
CASE = "no-tool-fits"


def answer(_answer: Answer) -> Answer:
    return Answer(content="I know no joke.")
