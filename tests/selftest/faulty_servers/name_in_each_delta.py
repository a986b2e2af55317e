from tests.selftest.faulty_servers.changes import Json, each_call, in_chunks

DEFECT = "Each delta of a call says its name again, and clients join the pieces."
FINDINGS: dict[str, set[str]] = {"stream": {"call-identity/name-repeated"}, "whole": set()}


def _named(chunk: Json) -> None:
    for call in each_call(chunk):
        call["function"]["name"] = "get_weather"


chunks = in_chunks(_named)
