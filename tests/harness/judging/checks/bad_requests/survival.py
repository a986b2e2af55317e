"""Whatever a client sends, the server is afterwards as it was before."""

from tests.harness.core.records.bad_request import BadRequest
from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check

CHECK = Check(
    "survival",
    {
        "dead": "The server dies of one request.",
        "not-healthy": "After the request the server does not say at /health that it is well.",
        "wrong-answer": "After the request a good one gets another answer than before.",
    },
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    harm="outage",
)
DEAD = CHECK["dead"]
NEVER = frozenset(CHECK[symptom].name for symptom in CHECK.symptoms)
"""Names of what no request may bring about: all of them."""


def died(bad: BadRequest, how: str) -> Finding:
    """Return the finding of a server that a request has killed; `how` it ended."""
    return _finding("dead", bad, "a server that lives", how)


def not_healthy(bad: BadRequest, got: str) -> Finding:
    """Return the finding of a server that does not say any more that it is well."""
    return _finding("not-healthy", bad, "status 200 at /health", got)


def wrong_answer(bad: BadRequest, before: str, now: str) -> Finding:
    """Return the finding of a good request that is answered otherwise than before."""
    return _finding("wrong-answer", bad, before, now)


def _finding(symptom: str, bad: BadRequest, wanted: str, got: str) -> Finding:
    return CHECK.finding(symptom, f"{bad.why} {CHECK.symptoms[symptom]}", wanted, got)
