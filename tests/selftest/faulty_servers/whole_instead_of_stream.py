from tests.selftest.faulty_servers.correct import Answer, Wire, whole_of, whole_wire

DEFECT = "A whole answer comes where a stream was asked for."
FINDINGS: dict[str, set[str]] = {"stream": {"stream-frames/not-a-stream"}, "whole": set()}


def wire(wire: Wire) -> Wire:
    return wire if wire.media_type == "application/json" else whole_wire(whole_of(Answer(content="Hello")))
