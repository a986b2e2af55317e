"""Addresses that have no official client."""

from typing import Any

import httpx2

from tests.harness.core.records.deployment import Deployment


def post(path: str, body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport) -> Any:
    """Send a body; return the JSON of the answer. Raises ValueError for an answer of another kind."""
    with _client(deployment, transport) as client:
        return client.post(f"{deployment.base_url}{path}", json=body).json()


def post_for_text(
    path: str, body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport
) -> str:
    """Send a body; return the text of the answer."""
    with _client(deployment, transport) as client:
        return client.post(f"{deployment.base_url}{path}", json=body).text


def fetch(path: str, deployment: Deployment, transport: httpx2.BaseTransport) -> Any:
    """Return the JSON of what stands at a path. Raises ValueError for an answer of another kind."""
    with _client(deployment, transport) as client:
        return client.get(f"{deployment.base_url}{path}").json()


def _client(deployment: Deployment, transport: httpx2.BaseTransport) -> httpx2.Client:
    key = {"Authorization": f"Bearer {deployment.api_key}"} if deployment.api_key else {}
    return httpx2.Client(transport=transport, trust_env=False, timeout=None, headers=key)
