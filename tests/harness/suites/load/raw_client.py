"""A client that reads as it likes, and may leave at any time: the official one drains what it gets."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.harness.core.http.limits import Limits
from tests.harness.core.http.open_response import Opened, open_response


class RawClient:
    """Sends chat completion requests, each over a connection of its own."""

    def __init__(self, base_url: str, api_key: str | None) -> None:
        """Take the server to ask; nothing is opened yet."""
        self._url = f"{base_url}/v1/chat/completions"
        key = [(b"Authorization", f"Bearer {api_key}".encode())] if api_key else []
        self._headers = [
            (b"Host", self._url.split("/")[2].encode()),
            (b"Content-Type", b"application/json"),
            (b"Connection", b"close"),
            *key,
        ]

    @contextmanager
    def open(self, body: dict[str, Any], limits: Limits) -> Iterator[Opened]:
        """Open the answer; the connection ends with the block. Raises one of `open_response.BROKEN`."""
        content = json.dumps(body).encode()
        headers = [*self._headers, (b"Content-Length", str(len(content)).encode())]
        with open_response("POST", self._url, headers, content, limits) as answer:
            yield answer
