from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A call's arguments come as an empty object."
FINDINGS = {"stream": {"arguments-schema/no-keys"}, "whole": {"arguments-schema/no-keys"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(1, "{}")
