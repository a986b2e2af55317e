"""A server that runs already, and the key that it may ask for."""

import os

from tests.harness.core.records.errors import UsageProblem

KEY_VARIABLE = "XLAM_GATE_API_KEY"


class ExternalServer:
    """Somebody else's server: never stopped, never harmed."""

    command = ""
    stop_command = ""

    def __init__(self, base_url: str) -> None:
        """Remember where it is; the key is taken from the environment."""
        self.base_url = self.origin = base_url
        self.api_key = os.environ.get(KEY_VARIABLE)

    def exited(self) -> None:
        """Return None: its end cannot be seen from here, a server that is gone refuses the next request."""

    def stop(self) -> None:
        """Leave the server alone: it is not ours."""

    def keep(self) -> None:
        """Leave the server running, as it stays in any case."""


def require_key_for_a_header() -> None:
    """Raise UsageProblem if the key in the environment cannot be sent."""
    key = os.environ.get(KEY_VARIABLE)
    if key and not (key.isascii() and key.isprintable() and key == key.strip()):
        raise UsageProblem(
            f"${KEY_VARIABLE} has characters (a line end?) that no HTTP header can carry; write the key alone"
        )
