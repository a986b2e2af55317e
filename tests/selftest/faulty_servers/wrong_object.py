from tests.selftest.faulty_servers.changes import in_chunks, in_whole

DEFECT = "The answer says that it is an object of another kind."
FINDINGS = {"stream": {"chunk-fields/wrong-value"}, "whole": {"chunk-fields/wrong-value"}}

chunks = in_chunks(lambda chunk: chunk.update(object="chat.completion"))
whole = in_whole(lambda body: body.update(object="text_completion"))
