"""One stream that carries a secret, and what is told of it once it has ended: little, so that a thousand fit."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from tests.harness.core.printable import truncated
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.load import Stream
from tests.harness.core.records.reply import Reply
from tests.harness.recording.assemble import read_reply
from tests.harness.suites.load.texts import SECRET, new_secret

_OK = 200
_SHOWN = 200
Ask = Callable[[str], Exchange]
"""Sends the request that is answered with a secret. Threads call it side by side."""


def side_by_side(ask: Ask, number: int, at_once: int) -> Iterator[Stream]:
    """Yield so many streams, `at_once` at a time, each as it ends."""
    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(lambda _: one_stream(ask), range(number))


def one_stream(ask: Ask) -> Stream:
    """Ask for a secret that no other stream has, and return what came."""
    secret = new_secret()
    return stream_of(ask(secret), secret)


def stream_of(exchange: Exchange, secret: str) -> Stream:
    """Return what an exchange came to."""
    reply = read_reply(exchange, streamed=True)
    calls = reply.choice.tool_calls if reply.choice else ()
    arguments = "".join(call.arguments for call in calls)
    texts = [arguments, *((reply.choice.content or "",) if reply.choice else ())]
    # A secret of somebody else may come in any field, and joined pieces show what single events do not.
    secrets = set(SECRET.findall(exchange.body.decode("utf-8", "replace"))) | set(
        SECRET.findall("\n".join(texts))
    )
    stream = Stream(
        secret=secret,
        refused=_refused(exchange),
        broken=_broken(exchange, reply),
        holds=secret in arguments,
        foreign=tuple(sorted(secrets - {secret})),
        arguments=truncated(arguments, _SHOWN),
        first_call_s=reply.timing.first_call,
        gaps_s=tuple(after.at - before.at for before, after in pairwise(reply.events)),
        tokens_per_s=_speed(reply.usage, exchange.ended_at),
        took_s=exchange.ended_at,
        exchange=exchange,
    )
    if stream.failed or stream.foreign:
        return stream
    return Stream(**{**vars(stream), "exchange": None})


def _refused(exchange: Exchange) -> str:
    if exchange.status in {None, _OK}:
        return ""
    return truncated(f"{exchange.status} {exchange.body.decode('utf-8', 'replace')}", _SHOWN)


def _broken(exchange: Exchange, reply: Reply) -> str:
    if exchange.status not in {None, _OK}:
        return ""
    if exchange.error:
        return truncated(exchange.error, _SHOWN)
    if reply.error is not None:
        return truncated(f"an error in the stream: {reply.error}", _SHOWN)
    return "" if reply.done else "the stream ended without [DONE]"


def _speed(usage: dict[str, Any] | None, took_s: float) -> float | None:
    tokens = (usage or {}).get("completion_tokens")
    return tokens / took_s if isinstance(tokens, int) and took_s > 0 else None
