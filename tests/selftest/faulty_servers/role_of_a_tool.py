from tests.selftest.faulty_servers.changes import Json, each_message, in_chunks, in_whole

DEFECT = "The answer says that it is a tool's."
FINDINGS = {"stream": {"one-role/wrong"}, "whole": {"one-role/wrong"}}


def _of_a_tool(body: Json) -> None:
    for message in each_message(body):
        if "role" in message:
            message["role"] = "tool"


chunks = in_chunks(_of_a_tool)
whole = in_whole(_of_a_tool)
