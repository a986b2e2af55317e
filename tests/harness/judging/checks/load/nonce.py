"""Each of many streams brings its own secret, and nobody else's."""

from collections.abc import Iterator, Sequence

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.load import Level, Stream
from tests.harness.judging.check import Check
from tests.harness.judging.checks.support.levels import first_of

CHECK = Check(
    "nonce",
    {
        "leaked": "A stream holds the secret of another one.",
        "lost": "A stream ended well, and its own secret is not in the arguments of its call.",
    },
    "https://platform.openai.com/docs/api-reference/chat-streaming/streaming",
    harm="wrong-call",
)
LEAKED, LOST = CHECK["leaked"].name, CHECK["lost"].name


def names_of(stream: Stream) -> Iterator[str]:
    """Yield the names of what one stream shows."""
    if stream.foreign:
        yield LEAKED
    if not (stream.refused or stream.broken or stream.holds):
        yield LOST


def judge_levels(levels: Sequence[Level]) -> Iterator[Finding]:
    """Yield each symptom once, with the first stream that shows it and how many do."""
    for stream, counts in first_of(levels, LEAKED):
        message = "A client received the secret of another one."
        got = f"{', '.join(stream.foreign)} in the stream of {stream.secret}; {counts}"
        yield CHECK.finding("leaked", message, f"{stream.secret} alone", got)
    for stream, counts in first_of(levels, LOST):
        message = "A stream ended well without the value that its call holds."
        got = f"{stream.arguments or 'no arguments'}; {counts}"
        yield CHECK.finding("lost", message, f"{stream.secret} in the arguments", got)
