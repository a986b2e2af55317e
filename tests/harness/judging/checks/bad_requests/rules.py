"""The rules about requests that have to be refused, with their closed vocabularies."""

from tests.harness.judging.sight_rule import SightRule

ERRORS = "https://platform.openai.com/docs/guides/error-codes/api-errors"
BAD_REQUEST = SightRule(
    "bad-request",
    {
        "accepted": "The server answers as if nothing were wrong.",
        "server-error": "The server calls the client's mistake its own: a status of 500 or more.",
        "no-answer": "No whole answer comes, though the server lives.",
        "odd-status": "The status is neither that of an answer nor that of a client's mistake, or not the one for it.",
        "no-error-object": "The refusal holds no JSON object with a message.",
        "no-field": "The refusal does not say which field is wrong.",
        "inside-out": "The refusal shows the server's inside: a stack trace, or a path of its disk.",
    },
    ERRORS,
)
SURVIVAL = SightRule(
    "survival",
    {
        "dead": "The server dies of one request.",
        "not-healthy": "After the request the server does not say at /health that it is well.",
        "wrong-answer": "After the request a good one gets another answer than before.",
    },
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
)
RULES = (BAD_REQUEST, SURVIVAL)
