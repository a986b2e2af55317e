from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The model may say what it likes, and what it says is lost."
CASE = "history-result-empty"
FINDINGS = {"stream": {"some-answer/nothing"}, "whole": {"some-answer/nothing"}}


def answer(_answer: Answer) -> Answer:
    return Answer()
