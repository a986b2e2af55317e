from tests.selftest.faulty_servers.changes import Json, each_choice, in_chunks, in_whole
from tests.selftest.faulty_servers.correct import Answer

DEFECT = "The model ran into the token limit in the middle of a call, and the server says so."
FINDINGS = {"stream": {"token-limit/reached"}, "whole": {"token-limit/reached"}}


def answer(answer: Answer) -> Answer:
    return answer.with_arguments(1, '{"location": "New')


def _length(body: Json) -> None:
    for choice in each_choice(body):
        if choice["finish_reason"]:
            choice["finish_reason"] = "length"


chunks = in_chunks(_length)
whole = in_whole(_length)
