from tests.selftest.faulty_servers.changes import Json, each_choice, in_chunks, in_whole

CASE = "logprobs-of-text"
DEFECT = "The alternatives to a token that are asked for do not come."
FINDINGS = {"stream": {"logprobs/poor-entry"}, "whole": {"logprobs/poor-entry"}}


def _poor(body: Json) -> None:
    for choice in each_choice(body):
        for entry in (choice.get("logprobs") or {}).get("content", ()):
            entry["top_logprobs"] = []


chunks = in_chunks(_poor)
whole = in_whole(_poor)
