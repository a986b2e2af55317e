"""The rules about a server under load, each with its closed vocabulary: what many requests together show."""

from tests.harness.judging.sight_rule import SightRule

STREAMING = "https://platform.openai.com/docs/api-reference/chat-streaming/streaming"
NONCE = SightRule(
    "nonce",
    {
        "leaked": "A stream holds the secret of another one.",
        "lost": "A stream ended well, and its own secret is not in the arguments of its call.",
    },
    STREAMING,
)
LOAD_FAILURES = SightRule(
    "load-failures",
    {
        "refused": "A valid request was answered with another status than 200.",
        "broken-off": "A stream broke, carried an error or ended without its end marker.",
        "more-under-load": "More streams fail side by side than one at a time, and it is not by chance.",
    },
    STREAMING,
)
DISCONNECTS = SightRule(
    "disconnects",
    {
        "still-running": "The server goes on with requests whose clients have left.",
        "next-request": "The request after clients have left is not answered as it should be.",
        "memory-grows": "Clients that leave make the server's memory grow.",
        "connections-grow": "Clients that leave make the server's open files and connections grow.",
    },
    "https://docs.vllm.ai/en/latest/usage/metrics.html",
)
LONG_ARGUMENTS = SightRule(
    "long-arguments",
    {
        "no-whole-call": "Long arguments do not arrive.",
        "grows-faster": "The time for arguments grows faster than their length.",
        "health-stalled": "While long arguments are streamed the server does not answer at /health.",
    },
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
)
SLOW_READER = SightRule(
    "slow-reader",
    {
        "text-lost": "A client that reads slowly does not get the whole text.",
        "others-wait": "Other clients wait for one that reads slowly.",
    },
    "https://www.rfc-editor.org/rfc/rfc9293#section-3.8",
)
SOAK = SightRule(
    "soak",
    {"health-stalled": "During the soak the server does not answer at /health."},
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
)
RULES = (NONCE, LOAD_FAILURES, DISCONNECTS, LONG_ARGUMENTS, SLOW_READER, SOAK)
