from tests.selftest.faulty_servers.correct import Answer, Call

DEFECT = "A tool is called although none fits the question."
FINDINGS = {
    "stream": {"expected-calls/calls-instead-of-text"},
    "whole": {"expected-calls/calls-instead-of-text"},
}
CASE = "no-tool-fits"


def answer(_answer: Answer) -> Answer:
    return Answer((Call("get_weather", '{"location": "Tokyo", "unit": "celsius"}'),))
