"""`http://HOST:PORT`: a server that runs already. Borrowed: never stopped, never harmed."""

import os
from urllib.parse import urlsplit

import httpx2

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.target import Target
from tests.harness.core.redaction import masked
from tests.harness.servers.provider import LaunchRequest, ServerHandle

KIND = "http"
KEY_VARIABLE = "XLAM_GATE_API_KEY"


class ExternalServer:
    """Somebody else's server."""

    managed = False
    command = ""
    stop_command = ""

    def __init__(self, base_url: str) -> None:
        """Remember where it is; the key comes from the environment."""
        self.base_url = self.origin = base_url
        self.api_key = os.environ.get(KEY_VARIABLE)

    def exited(self) -> None:
        """Cannot be seen from here: a server that is gone refuses the next request."""

    def stop(self) -> None:
        """Leave it alone."""

    def keep(self) -> None:
        """It stays in any case."""


def check(target: Target) -> None:
    """A URL with a host and no flags: they cannot be given to a server that runs."""
    try:
        url = urlsplit(target.value)
        _ = url.port, httpx2.URL(target.value)
    except (ValueError, httpx2.InvalidURL) as error:
        raise UsageProblem(
            f"--target {masked(target.text)!r}: not a URL ({error}); write http://HOST:PORT"
        ) from error
    if url.username is not None:
        raise UsageProblem(
            f"--target {masked(target.text)!r}: no user and password in the URL; an API key goes into ${KEY_VARIABLE}"
        )
    if not url.hostname:
        raise UsageProblem(f"--target {target.text!r}: the URL names no host")
    key = os.environ.get(KEY_VARIABLE)
    if key and not (key.isascii() and key.isprintable() and key == key.strip()):
        raise UsageProblem(
            f"${KEY_VARIABLE} has characters (a line end?) that no HTTP header can carry; write the key alone"
        )
    if target.args:
        raise UsageProblem(
            f"--target {target.text!r}: arg= needs a server that the suite starts; this one runs already"
        )


def launch(order: LaunchRequest) -> ServerHandle:
    """Nothing to start."""
    return ExternalServer(order.target.value)
