"""Token counts come when they are asked for, where they belong, and add up."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.reply import Event
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import chunk_shape
from tests.harness.judging.checks.support.answers import to_json


def _judge(context: CheckContext) -> Iterator[Finding]:
    usage = context.reply.usage
    if not _is_wanted(context):
        if usage is not None:
            message = "The stream counts tokens although the request did not ask for it."
            yield CHECK.finding("unexpected", message, "no usage", to_json(usage))
        return
    if usage is None:
        yield CHECK.finding(
            "missing", "The answer does not say how many tokens it took.", "usage", "no usage"
        )
        return
    yield from _sum(usage)
    if context.mode == "stream":
        yield from _place(context)
        yield from _against_whole(context, usage)


def _is_wanted(context: CheckContext) -> bool:
    return context.mode == "whole" or bool(_options(context).get("include_usage"))


def _options(context: CheckContext) -> dict[str, object]:
    return context.request.get("stream_options") or {}


def _sum(usage: dict[str, object]) -> Iterator[Finding]:
    counts = [usage.get(f"{part}_tokens") for part in ("prompt", "completion", "total")]
    prompt, completion, total = (count if isinstance(count, int) else -1 for count in counts)
    if min(prompt, completion) < 0 or prompt + completion != total:
        yield CHECK.finding(
            "wrong-sum", "The token counts do not add up.", "prompt + completion = total", to_json(usage)
        )


def _place(context: CheckContext) -> Iterator[Finding]:
    chunks = [event for event in _before_done(context.reply.events) if event.json is not None]
    with_usage = [event for event in chunks if (event.json or {}).get("usage") is not None]
    continuous = bool(_options(context).get("continuous_usage_stats"))
    early = [] if continuous else with_usage[:-1]
    last = chunks[-1] if chunks else None
    if early or last not in with_usage or (last.json or {}).get("choices"):
        shown = early[0] if early else with_usage[-1] if with_usage else None
        message = "The token counts are not in a chunk of their own, without choices, before [DONE]."
        raw = to_json(shown.json) if shown else "after [DONE]"
        yield CHECK.finding(
            "not-last",
            message,
            'a last chunk with usage and "choices": []',
            raw,
            event=shown.number if shown else None,
        )


def _against_whole(context: CheckContext, usage: dict[str, object]) -> Iterator[Finding]:
    """Compare the prompts, and the answers where the model answers by itself and always alike."""
    whole = (context.partner.usage if context.partner else None) or {}
    is_same = (
        context.profile.stable
        and context.case.text is None
        and not context.case.request_options.request.get("n")
    )
    for part in ("prompt_tokens", *(["completion_tokens"] if is_same else [])):
        if part in whole and usage.get(part) != whole[part]:
            message = f"Streamed, the same request counts other {part} than not streamed."
            yield CHECK.finding("differs", message, f"{part}: {whole[part]}", f"{part}: {usage.get(part)}")


def _before_done(events: tuple[Event, ...]) -> list[Event]:
    markers = [position for position, event in enumerate(events) if event.is_done]
    return list(events[: markers[0]] if markers else events)


CHECK = Check(
    id="usage",
    symptoms={
        "missing": "No token counts, although asked for or not streamed.",
        "unexpected": "Token counts in a stream that did not ask for them.",
        "wrong-sum": "A count is missing or negative, or prompt and completion are not the total.",
        "differs": "Other counts than those of the same request not streamed.",
        "not-last": "Not in one last chunk of their own with an empty list of choices.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options",
    judge=_judge,
    requires=(chunk_shape.CHECK,),
)
