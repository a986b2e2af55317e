"""A provider that the suite does not bring: it lends the server at an address, under a name of its own."""

from tests.harness.core.records.target import Target
from tests.harness.servers.external import ExternalServer
from tests.harness.servers.provider import LaunchRequest, ServerHandle

NAME = "lent"
SCHEMES = ("lent",)
BORROWS = True
REPLAYS = False
DEFAULT_PROFILE = "borrowed"


def check(target: Target) -> None:
    """Take any value."""


def launch(request: LaunchRequest) -> ServerHandle:
    return ExternalServer(f"http://{request.target.value}")


def place(target: Target) -> str:
    return target.value


def may_be_patched(target: Target) -> bool:
    return False


def is_scripted(target: Target) -> bool:
    return False


def footprint(base_url: str) -> None:
    return None
