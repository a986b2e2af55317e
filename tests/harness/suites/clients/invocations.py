"""`/invocations`, where model hosts send what the chat address takes; it has no official client."""

from typing import Any

import httpx2

from tests.harness.cases.requests import query_body
from tests.harness.core.records.case import Case
from tests.harness.core.records.client_result import ClientResult
from tests.harness.core.records.deployment import Deployment
from tests.harness.suites.clients.batch import (
    as_client_reads,
    in_chat_words,
    joined,
    result_of,
    scripted,
    terms,
)
from tests.harness.suites.clients.chat import chunks_in_lines
from tests.harness.suites.clients.plain_http import post, post_for_text

__all__ = [
    "PATH",
    "as_client_reads",
    "in_chat_words",
    "joined",
    "query",
    "result_of",
    "scripted",
    "send",
    "terms",
]
PATH = "/invocations"


def query(case: Case, model: str, *, stream: bool) -> dict[str, Any]:
    """Return the question: as the chat address has it."""
    return query_body(case, "stream" if stream else "whole", model)


def send(body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport) -> ClientResult:
    """Ask by plain HTTP; return what the answer says."""
    if not body["stream"]:
        return result_of(post(PATH, body, deployment, transport))
    return joined(chunks_in_lines(post_for_text(PATH, body, deployment, transport)))
