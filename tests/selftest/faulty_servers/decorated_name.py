from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A special token sticks to a tool's name."
FINDINGS = {"stream": {"offered-name/decorated-name"}, "whole": {"offered-name/decorated-name"}}


def answer(answer: Answer) -> Answer:
    return answer.with_name(1, "get_weather<|im_end|>")
