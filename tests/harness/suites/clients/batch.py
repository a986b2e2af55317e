"""`/v1/chat/completions/batch`: several conversations in one request; the suite asks one. It has no official client."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx2

from tests.harness.cases.requests import query_body
from tests.harness.core.records.case import Case
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.deployment import Deployment
from tests.harness.suites.clients.chat import joined_chunks
from tests.harness.suites.clients.plain_http import post

PATH = "/v1/chat/completions/batch"


def query(case: Case, model: str, *, stream: bool) -> dict[str, Any]:
    """Return the question, in the words of this API: those of the chat address, but a list of conversations."""
    body = query_body(case, "stream" if stream else "whole", model)
    return {**body, "messages": [body["messages"]]}


def terms(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a request to the chat address asks for: the words are the same."""
    return dict(request)


def in_chat_words(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the checks want to know of a request."""
    return dict(body)


def scripted(body: dict[str, Any], script: dict[str, Any]) -> dict[str, Any]:
    """Return a request with what the scripted engine is to say."""
    return {**body, "vllm_xargs": script}


def send(body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport) -> ClientResult:
    """Ask by plain HTTP; return what the answer says."""
    return result_of(post(PATH, body, deployment, transport))


def result_of(answer: dict[str, Any]) -> ClientResult:
    """Return what an answer says to the first conversation."""
    choice = answer["choices"][0]
    message = choice["message"]
    calls = tuple(
        (call["function"]["name"], call["function"]["arguments"]) for call in message.get("tool_calls") or ()
    )
    return ClientResult(calls, message.get("content") or "", choice.get("finish_reason") or "")


def joined(events: Sequence[dict[str, Any]]) -> ClientResult:
    """Return what the chunks of a stream say. Raises ValueError for an answer without any: it is no stream."""
    if not events:
        raise ValueError("a stream was asked for, and no chunk came")
    return joined_chunks(events)


def as_client_reads(raw: ClientResult) -> ClientResult:
    """Return a result as it is: there is no client that could change it."""
    return raw
