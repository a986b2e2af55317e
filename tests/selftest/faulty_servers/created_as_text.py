from tests.selftest.faulty_servers.changes import in_chunks, in_whole

DEFECT = "The time of creation is a text."
FINDINGS = {"stream": {"chunk-fields/wrong-type"}, "whole": {"chunk-fields/wrong-type"}}

chunks = in_chunks(lambda chunk: chunk.update(created="2026-11-22"))
whole = in_whole(lambda body: body.update(created="2026-11-22"))
