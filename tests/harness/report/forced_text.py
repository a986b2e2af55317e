"""What a model was made to say, as its request has it."""

import json

from tests.harness.core.records.exchange import Exchange

_GRAMMAR = "root ::= "


def forced_text(exchange: Exchange) -> str | None:
    """Return the forced text; None where the model answers by itself."""
    try:
        body = json.loads(exchange.request)
        if "vllm_xargs" in body:
            return str(body["vllm_xargs"]["script"])
        grammar = body["structured_outputs"]["grammar"]
        return str(json.loads(grammar.removeprefix(_GRAMMAR)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
