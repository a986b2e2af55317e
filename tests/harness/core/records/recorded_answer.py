"""A recording, and the answer that was put together from it."""

from dataclasses import dataclass

from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.reply import Reply


@dataclass(frozen=True)
class RecordedAnswer:
    """What an answer is proven by."""

    exchange: Exchange
    reply: Reply
