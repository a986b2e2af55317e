from tests.selftest.faulty_servers.changes import Json, each_message, in_chunks, in_whole

DEFECT = "The answer does not say whose it is."
FINDINGS = {"stream": {"one-role/missing"}, "whole": {"one-role/missing"}}


def _without_role(body: Json) -> None:
    for message in each_message(body):
        message.pop("role", None)


chunks = in_chunks(_without_role)
whole = in_whole(_without_role)
