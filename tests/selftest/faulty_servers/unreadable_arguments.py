from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The program between the rounds cannot read a call's arguments."
FINDINGS = {
    "stream": {"arguments-json/lone-brace", "tool-run/unreadable-arguments"},
    "whole": {"arguments-json/lone-brace", "tool-run/unreadable-arguments"},
}
RUN_CALLS = True


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, "{")
