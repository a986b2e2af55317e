"""For a moment: moved to `judging/check_context.py`."""

from tests.harness.judging.check_context import CheckContext, UsedId

__all__ = ["CheckContext", "UsedId"]
