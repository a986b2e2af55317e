from tests.selftest.faulty_servers.changes import in_chunks, in_whole

DEFECT = "The answer does not say which model gave it."
FINDINGS = {"stream": {"chunk-fields/missing-field"}, "whole": {"chunk-fields/missing-field"}}

chunks = in_chunks(lambda chunk: chunk.pop("model"))
whole = in_whole(lambda body: body.pop("model"))
