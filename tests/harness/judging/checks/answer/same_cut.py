"""The same text, cut at the same places, comes to the same result."""

from collections.abc import Iterator

from tests.harness.core.records.finding import Finding
from tests.harness.judging.check import Check
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.checks.answer import stream_end
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.named_tokens import shown
from tests.harness.recording.result_hash import result_hash


def _judge(context: CheckContext) -> Iterator[Finding]:
    first = context.same_cut
    if first is None or context.cut is None or first.key == context.exchange.key:
        return
    earlier = result_hash(first, read_reply(first, streamed=context.mode == "stream"))
    own = result_hash(context.exchange, context.reply)
    if own != earlier:
        message = f"The same text in the same deltas (they end at {shown(context.cut)}) came to another result before."
        yield CHECK.finding(
            "other-result", message, f"result {earlier}, of {first.key.name}", f"result {own}"
        )


CHECK = Check(
    id="same-cut",
    symptoms={"other-result": "The server is not deterministic: something else than text and cut decides."},
    source="https://docs.vllm.ai/en/stable/features/tool_calling/",
    judge=_judge,
    requires=(stream_end.CHECK,),
)
