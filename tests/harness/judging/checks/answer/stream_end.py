"""A stream ends with [DONE], and nothing follows."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import stream_frames
from tests.harness.judging.checks.support.answers import short


def _judge(context: CheckContext) -> Iterator[Finding]:
    if context.mode != "stream":
        return
    events = context.reply.events
    markers = [position for position, event in enumerate(events) if event.is_done and event.problem is None]
    if not markers:
        message = (
            "The stream ended without a complete [DONE]: clients that wait for it hang or report an error."
        )
        last = events[-1] if events else None
        raw, number = (short(last.raw), last.number) if last else ("nothing", None)
        yield CHECK.finding("no-done", message, "data: [DONE] and a blank line", raw, event=number)
        return
    if context.exchange.error:
        message = "The body does not end after [DONE]: clients that read it to its end wait or fail."
        number = events[markers[0]].number
        yield CHECK.finding(
            "no-clean-close", message, "the end of the body", context.exchange.error, event=number
        )
    behind = events[markers[0] + 1 :]
    if behind:
        message = "The server sent more after [DONE], where clients have stopped reading."
        yield CHECK.finding("after-done", message, "nothing", short(behind[0].raw), event=behind[0].number)


CHECK = Check(
    id="stream-end",
    harm={"no-done": "lost-text"},
    symptoms={
        "no-done": "The end marker, or the blank line that closes it, is missing; the answer is complete.",
        "no-clean-close": "The connection stays open or breaks after the end marker.",
        "after-done": "Something follows the end marker.",
    },
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream",
    judge=_judge,
    requires=(stream_frames.CHECK,),
)
