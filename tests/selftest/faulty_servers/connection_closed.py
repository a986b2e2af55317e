from tests.selftest.faulty_servers.correct import Wire

DEFECT = "The server closes the connection instead of answering."
FINDINGS = {"stream": {"http-status/no-answer"}, "whole": {"http-status/no-answer"}}


def wire(_wire: Wire) -> Wire:
    return Wire(0, "", ())
