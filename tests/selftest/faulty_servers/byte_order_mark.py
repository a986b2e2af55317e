from dataclasses import replace

from tests.selftest.faulty_servers.changes import Json
from tests.selftest.faulty_servers.correct import Wire

DEFECT = "A byte order mark before the stream hides its first event from the official client."
FINDINGS: dict[str, set[str]] = {"stream": {"sdk-view/sdk-differs"}, "whole": set()}
CASE = "no-tool-fits"


def chunks(chunks: list[Json]) -> list[Json]:
    chunks[1]["choices"][0]["delta"]["role"] = "assistant"
    return chunks[1:]


def wire(wire: Wire) -> Wire:
    if wire.media_type == "application/json":
        return wire
    return replace(wire, pieces=(b"\xef\xbb\xbf" + wire.pieces[0], *wire.pieces[1:]))
