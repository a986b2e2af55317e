from tests.selftest.faulty_servers.correct import Wire

CASE = "history-arguments-cut"
DEFECT = "A damaged history is refused with a web page."
FINDINGS = {"stream": {"refusal/no-error-object"}, "whole": {"refusal/no-error-object"}}


def wire(_: Wire) -> Wire:
    return Wire(400, "text/html", (b"<h1>Bad Request</h1>",))
