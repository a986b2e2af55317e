import json
from dataclasses import replace

from tests.selftest.faulty_servers.correct import Wire, frame

DEFECT = "An error comes in the middle of an answer that began with status 200."
FINDINGS = {"stream": {"stream-frames/error-frame"}, "whole": {"whole-body/error-object"}}
_ERROR = json.dumps({"error": {"message": "list index out of range", "type": "BadRequestError", "code": 400}})


def wire(wire: Wire) -> Wire:
    if wire.media_type == "application/json":
        return replace(wire, pieces=(_ERROR.encode(),))
    return replace(wire, pieces=(*wire.pieces[:3], frame(_ERROR), frame("[DONE]")))
