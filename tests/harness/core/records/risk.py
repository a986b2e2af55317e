"""What a request may do to a server that is not ours."""

from typing import Literal

Risk = Literal["none", "load", "crash"]
RISKS: tuple[Risk, ...] = ("none", "load", "crash")
"""In the order in which they run: what may kill a server comes last."""
