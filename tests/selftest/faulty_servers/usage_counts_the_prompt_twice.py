from tests.selftest.faulty_servers.changes import Json, in_chunks

DEFECT = "Streamed, the prompt's tokens are counted twice."
FINDINGS = {"stream": {"usage/differs"}, "whole": set()}


def _doubled(body: Json) -> None:
    if "usage" in body:
        prompt = body["usage"]["prompt_tokens"]
        body["usage"] = {**body["usage"], "prompt_tokens": 2 * prompt, "total_tokens": 2 * prompt + 12}


chunks = in_chunks(_doubled)
