from tests.selftest.faulty_servers.correct import Wire

DEFECT = "A proxy answers with a page of HTML and status 200."
FINDINGS = {"stream": {"stream-frames/not-a-stream"}, "whole": {"whole-body/not-json"}}


def wire(_wire: Wire) -> Wire:
    return Wire(200, "text/html", (b"<html><h1>Bad gateway</h1></html>",))
