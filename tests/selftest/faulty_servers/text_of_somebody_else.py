from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "Text leaks beside a call, as is known, but another user's."
CASE = "in-a-fence"
FINDINGS = {
    "stream": {"content/unexpected-text", "provenance/text"},
    "whole": {"content/unexpected-text", "provenance/text"},
}


def answer(answer: Answer) -> Answer:
    return replace(answer, content="Dear Jane, your balance is low.")
