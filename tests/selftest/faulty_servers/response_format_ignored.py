from tests.selftest.faulty_servers.correct import Answer

CASE = "response-format-object-without-calls"
DEFECT = "Prose comes where a JSON object is asked for."
FINDINGS = {"stream": {"response-format/not-json"}, "whole": {"response-format/not-json"}}


def answer(_: Answer) -> Answer:
    return Answer(content="It is sunny.")
