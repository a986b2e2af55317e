from dataclasses import replace

from tests.selftest.faulty_servers.correct import Answer

DEFECT = "A piece in the middle of the text is lost."
FINDINGS = {"stream": {"content/part-lost"}, "whole": {"content/part-lost"}}
CASE = "no-tool-fits"


def answer(answer: Answer) -> Answer:
    text = answer.content or ""
    return replace(answer, content=text[:10] + text[20:])
