"""What an answer came to, apart from its ids, its timing and the way it was cut."""

import hashlib
import json

from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.reply import Choice, Reply

_DIGITS = 10


def result_hash(exchange: Exchange, reply: Reply) -> str:
    """Return ten hex digits: equal for answers that a user's program cannot tell apart."""
    outcome = [exchange.status, bool(exchange.error), bool(reply.error), *map(_choice, reply.choices)]
    text = json.dumps(outcome, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _choice(choice: Choice) -> list[object]:
    calls = [[call.index, call.name, call.arguments] for call in choice.tool_calls]
    return [choice.index, choice.content or "", calls, choice.finish_reason, len(choice.stray)]
