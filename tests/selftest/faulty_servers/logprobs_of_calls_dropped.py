from tests.selftest.faulty_servers.changes import Json, each_choice, in_chunks, in_whole

CASE = "logprobs-of-a-call"
DEFECT = "The log probabilities of a call's tokens are dropped with the text that became the call."
FINDINGS = {"stream": {"logprobs/too-few"}, "whole": {"logprobs/too-few"}}


def _dropped(body: Json) -> None:
    for choice in each_choice(body):
        choice["logprobs"] = None


chunks = in_chunks(_dropped)
whole = in_whole(_dropped)
