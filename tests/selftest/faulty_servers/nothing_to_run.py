from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The program between the rounds gets no call."
FINDINGS = {
    "stream": {"expected-calls/no-answer", "tool-run/nothing-to-run"},
    "whole": {"expected-calls/no-answer", "tool-run/nothing-to-run"},
}
RUN_CALLS = True


def answer(_answer: Answer) -> Answer:
    return Answer()
