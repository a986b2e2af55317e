"""The rules about what other callers read, with their closed vocabularies."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.harness.load.rules import LoadRule

CLIENT_VIEW = LoadRule(
    "client-view",
    {
        "refused": "A good request is not answered with status 200, or its answer breaks off.",
        "malformed": "The answer is not made as this address makes its answers.",
        "raises": "The client raises an exception over an answer whose bytes are in order.",
        "differs": "The client's result is not what the bytes say.",
        "unreadable-arguments": "A call's arguments are no JSON object.",
        "other-calls": "The calls are not those that the question asks for.",
        "other-ending": "The reason why the answer ended does not fit what it holds.",
        "no-mention": "The answer after the tools ran does not use their results.",
    },
    "https://platform.openai.com/docs/guides/function-calling",
)
RESPONSES_EVENTS = LoadRule(
    "responses-events",
    {
        "out-of-order": "An event comes where none of its kind may come, or one is missing.",
        "arguments-differ": "Deltas, done events and the completed response say different arguments.",
        "ids-differ": "An event names another item or call than the completed response.",
    },
    "https://platform.openai.com/docs/api-reference/responses-streaming",
)
MESSAGES_EVENTS = LoadRule(
    "messages-events",
    {
        "out-of-order": "An event comes where none of its kind may come, or one is missing.",
        "no-usage": "No usage comes with the end of the message.",
    },
    "https://docs.anthropic.com/en/docs/build-with-claude/streaming",
)
RULES = (CLIENT_VIEW, RESPONSES_EVENTS, MESSAGES_EVENTS)


def caller_vocabulary() -> Mapping[str, frozenset[str]]:
    """Check -> its symptoms, for those who name them in data files."""
    return MappingProxyType({rule.id: frozenset(rule.symptoms) for rule in RULES})
