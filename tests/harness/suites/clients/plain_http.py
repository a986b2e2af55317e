"""Addresses that have no official client."""

from typing import Any

import httpx2

from tests.harness.core.records.deployment import Deployment


def post(path: str, body: dict[str, Any], deployment: Deployment, transport: httpx2.BaseTransport) -> Any:
    """Send a body; return the JSON of the answer. Raises ValueError for an answer of another kind."""
    key = {"Authorization": f"Bearer {deployment.api_key}"} if deployment.api_key else {}
    with httpx2.Client(transport=transport, trust_env=False, timeout=None, headers=key) as client:
        return client.post(f"{deployment.base_url}{path}", json=body).json()
