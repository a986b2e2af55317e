from tests.selftest.faulty_servers.changes import Json, each_choice, in_chunks, in_whole

DEFECT = "An answer with calls ends for the reason `stop`."
FINDINGS = {"stream": {"finish-reason/wrong"}, "whole": {"finish-reason/wrong"}}


def _stop(body: Json) -> None:
    for choice in each_choice(body):
        if choice["finish_reason"]:
            choice["finish_reason"] = "stop"


chunks = in_chunks(_stop)
whole = in_whole(_stop)
