"""`/v1/chat/completions` by LangChain's client, which words its requests and puts chunks together in its own way."""

import json
from functools import reduce
from operator import add
from typing import Any

import httpx2

from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.deployment import Deployment
from tests.harness.recording.client import NO_KEY


def by_langchain(
    body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport
) -> ClientResult:
    """Return what the client makes of the chunks, added up as its documents say.

    Raises ValueError if it gives other arguments as objects than as text.
    """
    # Not at the top: it takes a second, and most sessions that load this module never ask.
    from langchain_core.messages import AIMessageChunk  # noqa: PLC0415
    from langsmith import tracing_context  # noqa: PLC0415

    # Whatever the environment says: what is asked here goes to the server under test and to nobody else.
    with tracing_context(enabled=False):
        pieces = [*_asker(body, deployment, transport).stream(body["messages"])]
    message = reduce(add, pieces, AIMessageChunk(content=""))
    calls = tuple((piece["name"] or "", piece["args"] or "") for piece in message.tool_call_chunks)
    _require_alike(message.tool_calls, calls)
    return ClientResult(calls, str(message.content), message.response_metadata.get("finish_reason") or "")


def _asker(body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport) -> Any:
    from langchain_openai import ChatOpenAI  # noqa: PLC0415

    model = ChatOpenAI(
        model=body["model"],
        base_url=f"{deployment.base_url}/v1",
        api_key=lambda: deployment.api_key or NO_KEY,
        max_retries=0,
        timeout=None,
        temperature=body["temperature"],
        seed=body["seed"],
        max_completion_tokens=body["max_tokens"],
        stream_usage=True,
        # What the environment could change: the make of messages, the address, the way to it.
        output_version="v0",
        use_responses_api=False,
        openai_proxy=None,
        http_client=httpx2.Client(transport=transport, trust_env=False, timeout=None),
    )
    tools = body.get("tools")
    return model.bind_tools(tools, tool_choice=body["tool_choice"]) if tools else model


def _require_alike(objects: list[Any], calls: tuple[tuple[str, str], ...]) -> None:
    of_objects = [(call["name"], call["args"]) for call in objects]
    try:
        of_chunks = [(name, json.loads(arguments)) for name, arguments in calls]
    except ValueError:
        return  # of such arguments it may make anything
    if of_objects != of_chunks:
        raise ValueError(f"its calls say {of_objects}, its chunks {of_chunks}")
