from tests.selftest.faulty_servers.changes import Json, each_choice, in_chunks, in_whole

DEFECT = "Log probabilities come with every answer."
FINDINGS = {"stream": {"logprobs/unasked"}, "whole": {"logprobs/unasked"}}


def _added(body: Json) -> None:
    for choice in each_choice(body):
        choice["logprobs"] = {"content": [{"token": "a", "logprob": -0.5, "top_logprobs": []}]}


chunks = in_chunks(_added)
whole = in_whole(_added)
