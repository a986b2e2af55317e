from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The second call's arguments are glued behind the first one's."
FINDINGS = {"stream": {"arguments-json/glued-other"}, "whole": {"arguments-json/glued-other"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, answer.calls[0].arguments + answer.calls[1].arguments)
