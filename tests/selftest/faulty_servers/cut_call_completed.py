from tests.selftest.faulty_servers.correct import Answer, Call

DEFECT = "Where the token limit cuts a call, the server makes up arguments."
CASE = "two-calls-cut-off-cut-4"
FINDINGS = {"stream": {"cut-off/other-arguments"}, "whole": {"cut-off/other-arguments"}}


def answer(answer: Answer) -> Answer:
    return Answer((Call("get_weather", "{}"),), cut=True)
