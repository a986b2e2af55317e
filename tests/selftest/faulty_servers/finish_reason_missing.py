from tests.selftest.faulty_servers.changes import Json, each_choice, in_chunks, in_whole

DEFECT = "The answer does not say why it ended."
FINDINGS = {"stream": {"finish-reason/missing"}, "whole": {"finish-reason/missing"}}


def _unfinished(body: Json) -> None:
    for choice in each_choice(body):
        choice["finish_reason"] = None


chunks = in_chunks(_unfinished)
whole = in_whole(_unfinished)
