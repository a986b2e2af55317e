from tests.selftest.faulty_servers.changes import in_chunks
from tests.selftest.faulty_servers.correct import USAGE

DEFECT = "Each chunk counts the tokens so far, although only a last one was asked for."
FINDINGS: dict[str, set[str]] = {"stream": {"usage/not-last"}, "whole": set()}

chunks = in_chunks(lambda chunk: chunk.update(usage=USAGE))
