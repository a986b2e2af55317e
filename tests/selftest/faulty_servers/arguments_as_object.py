import json

from tests.selftest.faulty_servers.changes import Json, each_call

DEFECT = "The arguments are a JSON object where a string with JSON in it is due."
FINDINGS = {"stream": {"chunk-shape/wrong-type"}, "whole": {"chunk-shape/wrong-type"}}


def chunks(chunks: list[Json]) -> list[Json]:
    for chunk in chunks:
        for call in each_call(chunk):
            if "arguments" in call["function"]:
                call["function"]["arguments"] = {"location": "Tokyo"}
    return chunks


def whole(body: Json) -> Json:
    for call in each_call(body):
        call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    return body
