"""The rules about what other callers read, with their closed vocabularies."""

from tests.harness.judging.sight_rule import SightRule

CLIENT_VIEW = SightRule(
    "client-view",
    {
        "refused": "A good request is not answered with status 200, or its answer breaks off.",
        "malformed": "The answer is not made as this address makes its answers.",
        "raises": "The client raises an exception over an answer whose bytes are in order.",
        "differs": "The client's result is not what the bytes say.",
        "unreadable-arguments": "A call's arguments are no JSON object.",
        "other-calls": "The calls are not those that the question asks for.",
        "other-text": "Text comes beside the calls, or another text than this model always says.",
        "other-ending": "The reason why the answer ended does not fit what it holds.",
        "no-mention": "The answer after the tools ran does not use their results.",
        "cannot-be-run": "A call cannot be run as the client has it.",
        "other-than-chat": "What a model was made to say means something else than at the chat address.",
        "modes-differ": "One question gets another text streamed than whole.",
    },
    "https://platform.openai.com/docs/guides/function-calling",
)
RESPONSES_EVENTS = SightRule(
    "responses-events",
    {
        "out-of-order": "An event comes where none of its kind may come, or one is missing.",
        "arguments-differ": "Deltas, done events and the completed response say different arguments.",
        "text-differs": "Deltas, done events and the completed response say different texts.",
        "items-differ": "The events tell of other items or calls than the completed response holds.",
        "ids-differ": "An event gives an item or call another id than the completed response.",
    },
    "https://platform.openai.com/docs/api-reference/responses-streaming",
)
MESSAGES_EVENTS = SightRule(
    "messages-events",
    {
        "out-of-order": "An event comes where none of its kind may come, or one is missing.",
        "no-usage": "No usage comes with the end of the message.",
    },
    "https://docs.anthropic.com/en/docs/build-with-claude/streaming",
)
RULES = (CLIENT_VIEW, RESPONSES_EVENTS, MESSAGES_EVENTS)
