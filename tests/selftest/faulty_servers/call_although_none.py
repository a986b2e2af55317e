from tests.selftest.faulty_servers.correct import Answer, Call

CASE = "tool-choice-none-and-a-call-as-text"
DEFECT = "A call is read out of the text although no tool may be called."
FINDINGS = {
    "stream": {"tool-choice/call-despite-none"},
    "whole": {"tool-choice/call-despite-none"},
}


def answer(_: Answer) -> Answer:
    return Answer((Call("get_weather", '{"location": "Tokyo", "unit": "celsius"}'),))
