from tests.selftest.faulty_servers.changes import Json
from tests.selftest.faulty_servers.correct import Answer, Call, chunks_of

DEFECT = "Streamed, a call has another value than whole, and either would do."
FINDINGS: dict[str, set[str]] = {"stream": {"parity/calls-differ"}, "whole": set()}
CASE = "weather-san-francisco"
PROFILE = {"wording": {"celsius": "celsius|fahrenheit"}}


def chunks(_chunks: list[Json]) -> list[Json]:
    call = Call("get_weather", '{"location": "San Francisco", "unit": "fahrenheit"}')
    return chunks_of(Answer((call,)), with_usage=True)
