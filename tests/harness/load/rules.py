"""The rules about a server under load, each with its closed vocabulary: what many requests together show."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tests.harness.printable import cut
from tests.harness.records.finding import Finding

_LONGEST = 1000
STREAMING = "https://platform.openai.com/docs/api-reference/chat-streaming/streaming"


class UnknownSymptom(Exception):
    """A mistake of the suite: a rule says what is not in its vocabulary."""


@dataclass(frozen=True)
class LoadRule:
    """One rule; its findings are about many requests, so no single answer is its subject."""

    id: str
    symptoms: Mapping[str, str]
    """symptom -> what it means, in one sentence."""
    source: str
    """The document that makes it a rule."""

    def finding(self, symptom: str, message: str, expected: str, got: str) -> Finding:
        """A finding of this rule. Raises UnknownSymptom."""
        if symptom not in self.symptoms:
            raise UnknownSymptom(f"{self.id} says {symptom!r}, which is none of its symptoms")
        return Finding(
            check=self.id,
            symptom=symptom,
            message=cut(message, _LONGEST),
            expected=cut(expected, _LONGEST),
            got=cut(got, _LONGEST),
            source=self.source,
        )


NONCE = LoadRule(
    "nonce",
    {
        "leaked": "A stream holds the secret of another one.",
        "lost": "A stream ended well, and its own secret is not in the arguments of its call.",
    },
    STREAMING,
)
LOAD_FAILURES = LoadRule(
    "load-failures",
    {
        "refused": "A valid request was answered with another status than 200.",
        "broken-off": "A stream broke, carried an error or ended without its end marker.",
        "more-under-load": "More streams fail side by side than one at a time, and it is not by chance.",
    },
    STREAMING,
)
DISCONNECTS = LoadRule(
    "disconnects",
    {
        "still-running": "The server goes on with requests whose clients have left.",
        "next-request": "The request after clients have left is not answered as it should be.",
        "memory-grows": "Clients that leave make the server's memory grow.",
        "connections-grow": "Clients that leave make the server's open files and connections grow.",
    },
    "https://docs.vllm.ai/en/latest/usage/metrics.html",
)
LONG_ARGUMENTS = LoadRule(
    "long-arguments",
    {
        "no-whole-call": "Long arguments do not arrive.",
        "grows-faster": "The time for arguments grows faster than their length.",
        "health-stalled": "While long arguments are streamed the server does not answer at /health.",
    },
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
)
SLOW_READER = LoadRule(
    "slow-reader",
    {
        "text-lost": "A client that reads slowly does not get the whole text.",
        "others-wait": "Other clients wait for one that reads slowly.",
    },
    "https://www.rfc-editor.org/rfc/rfc9293#section-3.8",
)
SOAK = LoadRule(
    "soak",
    {"health-stalled": "During the soak the server does not answer at /health."},
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
)
RULES = (NONCE, LOAD_FAILURES, DISCONNECTS, LONG_ARGUMENTS, SLOW_READER, SOAK)


def load_vocabulary() -> Mapping[str, frozenset[str]]:
    """Check -> its symptoms, for those who name them in data files."""
    return MappingProxyType({rule.id: frozenset(rule.symptoms) for rule in RULES})
