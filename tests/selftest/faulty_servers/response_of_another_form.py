from tests.selftest.faulty_servers.correct import Answer

CASE = "response-format-object-without-calls"
DEFECT = "A JSON list comes where a JSON object is asked for."
FINDINGS = {"stream": {"response-format/other-form"}, "whole": {"response-format/other-form"}}


def answer(_: Answer) -> Answer:
    return Answer(content="[1, 2]")
