"""`http://HOST:PORT`: a server that runs already. Borrowed: never stopped, never harmed."""

from urllib.parse import urlsplit

import httpx2

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.target import Target
from tests.harness.core.redaction import masked
from tests.harness.servers.external import KEY_VARIABLE, ExternalServer, require_key_for_a_header
from tests.harness.servers.provider import LaunchRequest, ServerHandle

NAME = "http"
SCHEMES = ("http", "https")
BORROWS = True
REPLAYS = False
DEFAULT_PROFILE = "borrowed"


def check(target: Target) -> None:
    """Require a URL with a host and no flags: they cannot be given to a server that runs."""
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
    require_key_for_a_header()
    if target.args:
        raise UsageProblem(
            f"--target {target.text!r}: arg= needs a server that the suite starts; this one runs already"
        )


def launch(request: LaunchRequest) -> ServerHandle:
    """Return the server that runs there; there is nothing to start."""
    return ExternalServer(request.target.value)


def place(target: Target) -> str:
    """Return host and port."""
    return target.value.removeprefix("http://").removeprefix("https://")


def may_be_patched(target: Target) -> bool:
    """Return False: a server that is not ours is taken for the release that it names."""
    return False


def is_scripted(target: Target) -> bool:
    """Return False: it is somebody else's server, with a model."""
    return False


def footprint(base_url: str) -> None:
    """Return None: the processes of somebody else's server are not looked at."""
