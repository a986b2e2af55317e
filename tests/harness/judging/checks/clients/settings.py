"""What a setting must not change: what users get."""

from tests.harness.judging.check import Check

CHECK = Check(
    "settings",
    {
        "other-answer": "A setting that must change nothing brings an answer that the same text has nowhere else."
    },
    "https://docs.vllm.ai/en/stable/configuration/engine_args/",
    harm="wrong-call",
)
