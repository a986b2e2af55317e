from tests.harness.judging.check_context import UsedId

USED = (
    UsedId("chatcmpl-1", None, "other|whole|natural|0|abc"),
    UsedId("call_0", 0, "other|whole|natural|0|abc"),
)
DEFECT = "Ids are numbered anew in each answer."
FINDINGS = {
    "stream": {"unique-ids/answer-id", "unique-ids/call-id"},
    "whole": {"unique-ids/answer-id", "unique-ids/call-id"},
}
