"""A server that is busy for long still says that it is there."""

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check

CHECK = Check(
    "soak",
    {"health-stalled": "During the soak the server does not answer at /health."},
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    harm="outage",
)


def judge_health(lost_probes: int, within_s: float) -> list[Finding]:
    """Return what `lost` probes of `/health` without an answer within so many seconds show."""
    if not lost_probes:
        return []
    message, expected = (
        "Under load the server does not answer at /health.",
        f"an answer within {within_s:g} s",
    )
    return [CHECK.finding("health-stalled", message, expected, f"{lost_probes} probes without an answer")]
