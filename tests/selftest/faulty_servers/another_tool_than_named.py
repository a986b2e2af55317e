from tests.selftest.faulty_servers.correct import Answer, Call

CASE = "tool-choice-named"
DEFECT = "Another tool is called than the request names."
FINDINGS = {"stream": {"tool-choice/other-tool"}, "whole": {"tool-choice/other-tool"}}


def answer(_: Answer) -> Answer:
    return Answer((Call("calculate_expression", '{"expression": "1 + 1"}'),), stopped=True)
