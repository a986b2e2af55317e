from tests.selftest.faulty_servers.changes import Json, each_message

DEFECT = "The end of the stream sends the last call's arguments again."
FINDINGS: dict[str, set[str]] = {"stream": {"arguments-json/glued-twice"}, "whole": set()}


def chunks(chunks: list[Json]) -> list[Json]:
    again = {"index": 1, "function": {"arguments": '{"location": "New York", "unit": "celsius"}'}}
    for delta in each_message(chunks[-2]):
        delta["tool_calls"] = [again]
    return chunks
