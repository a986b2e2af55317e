import json

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The arguments are encoded twice: a JSON string with JSON in it."
FINDINGS = {"stream": {"arguments-json/not-an-object"}, "whole": {"arguments-json/not-an-object"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(0, json.dumps(answer.calls[0].arguments))
