"""`/v1/chat/completions` by the clients of programs: asyncio, the streaming helper, and a reader of lines."""

import json
from collections.abc import Iterable
from typing import Any

import httpx2
import openai

from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.figure import Figure, figures_of
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.client import NO_KEY, create_arguments
from tests.harness.recording.sse import read_events


async def by_asyncio(
    body: dict[str, Any], deployment: Deployment, transport: httpx2.AsyncBaseTransport
) -> ClientResult:
    """Ask by the official client for asyncio, its chunks put together as the API's guide does it."""
    async with openai.AsyncOpenAI(
        **_settings(deployment),
        http_client=httpx2.AsyncClient(transport=transport, trust_env=False, timeout=None),
    ) as client:
        stream = await client.chat.completions.create(**create_arguments(body))
        return joined_chunks([chunk.model_dump() async for chunk in stream])


def by_helper(body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport) -> ClientResult:
    """Ask by the official client's helper for streams, which puts the chunks together by itself."""
    arguments = create_arguments(body)
    arguments.pop("stream")
    with (
        openai.OpenAI(
            **_settings(deployment),
            http_client=httpx2.Client(transport=transport, trust_env=False, timeout=None),
        ) as client,
        client.chat.completions.stream(**arguments) as stream,
    ):
        pieces: dict[int, str] = {}
        for event in stream:
            if event.type == "tool_calls.function.arguments.delta":
                pieces[event.index] = pieces.get(event.index, "") + event.arguments_delta
        choice = stream.get_final_completion().choices[0]
    calls = choice.message.tool_calls or ()
    if pieces and [pieces[index] for index in sorted(pieces)] != [call.function.arguments for call in calls]:
        raise ValueError(f"its events say {pieces}, its final message {calls}")
    return ClientResult(
        tuple((call.function.name, call.function.arguments) for call in calls),
        choice.message.content or "",
        choice.finish_reason,
    )


def by_lines(exchange: Exchange) -> ClientResult:
    """Read lines, as scripts around curl do: those that begin with `data:`, each a chunk.

    Raises ValueError for one that it cannot read.
    """
    return joined_chunks(chunks_in_lines(exchange.body.decode("utf-8")))


def chunks_in_lines(text: str) -> list[dict[str, Any]]:
    """Return the chunks of a stream. Raises ValueError for a line of data that is none."""
    chunks: list[dict[str, Any]] = []
    for line in text.split("\n"):  # further characters that Python ends lines at may stand in JSON
        data = line.removeprefix("data:").strip()
        if not line.startswith("data:") or data == "[DONE]":
            continue
        chunks.append(json.loads(data))
        if "choices" not in chunks[-1]:
            raise ValueError(f"no chunk: {data[:200]!r}")
    return chunks


def raw_result(exchange: Exchange) -> ClientResult:
    """Return what the bytes say."""
    choice = read_reply(exchange, streamed=exchange.key.mode == "stream").choice
    if choice is None:
        return ClientResult(())
    calls = tuple((call.name or "", call.arguments) for call in choice.tool_calls)
    return ClientResult(calls, choice.content or "", choice.finish_reason or "")


def crowded(exchange: Exchange, case: str) -> tuple[Figure, ...]:
    """Count the chunks of a stream that bring at once what some programs read from a chunk of its own.

    No rule forbids them, so they are counted, and never a finding (vllm-project/vllm-ascend#8327).
    """
    named = ended = 0
    for event in read_events(exchange.frames):
        match event.json:
            case {"choices": [{"delta": {"tool_calls": [*calls]}, **rest}, *_]}:
                pieces = [call.get("function") for call in calls if isinstance(call, dict)]
                result = [piece for piece in pieces if isinstance(piece, dict) and piece.get("arguments")]
                named += any(piece.get("name") for piece in result)
                ended += bool(result and rest.get("finish_reason"))
    return (
        *figures_of(f"chunks with a call's name and arguments, {case}", "chunks", [float(named)]),
        *figures_of(f"chunks with arguments and the end, {case}", "chunks", [float(ended)]),
    )


def _settings(deployment: Deployment) -> dict[str, Any]:
    return {
        "base_url": f"{deployment.base_url}/v1",
        "api_key": deployment.api_key or NO_KEY,
        "max_retries": 0,
        "timeout": None,
    }


def joined_chunks(chunks: Iterable[dict[str, Any]]) -> ClientResult:
    """Return what the chunks of a stream say, put together as the API's guide does it."""
    calls: dict[int, list[str]] = {}
    text = reason = ""
    for choice in (choice for chunk in chunks for choice in chunk["choices"]):
        delta = choice["delta"]
        text += delta.get("content") or ""
        reason = choice.get("finish_reason") or reason
        for call in delta.get("tool_calls") or ():
            entry = calls.setdefault(call["index"], ["", ""])
            function = call.get("function") or {}
            entry[0] += function.get("name") or ""
            entry[1] += function.get("arguments") or ""
    return ClientResult(tuple((name, arguments) for name, arguments in calls.values()), text, reason)
