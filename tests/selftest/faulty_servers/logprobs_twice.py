from tests.selftest.faulty_servers.changes import Json, each_choice, in_chunks, in_whole

CASE = "logprobs-of-text"
DEFECT = "Each token's log probability comes twice."
FINDINGS = {"stream": {"logprobs/too-many"}, "whole": {"logprobs/too-many"}}


def _twice(body: Json) -> None:
    for choice in each_choice(body):
        if choice.get("logprobs"):
            choice["logprobs"]["content"] *= 2


chunks = in_chunks(_twice)
whole = in_whole(_twice)
