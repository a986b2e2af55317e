from tests.selftest.faulty_servers.changes import Json, each_message, in_chunks

DEFECT = "Each delta says the role again."
FINDINGS: dict[str, set[str]] = {"stream": {"one-role/repeated"}, "whole": set()}


def _with_role(chunk: Json) -> None:
    for delta in each_message(chunk):
        delta["role"] = "assistant"


chunks = in_chunks(_with_role)
