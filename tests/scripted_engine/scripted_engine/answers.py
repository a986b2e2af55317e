"""What the suite's own questions are answered with, where a request brings no script."""

import json
from dataclasses import dataclass
from pathlib import Path

FALLBACK = "There is no script for this question."


@dataclass(frozen=True)
class Answer:
    """A question of a case and what is said to it in both rounds."""

    question: str
    tools: tuple[str, ...]
    """Names that have to stand in the prompt: nobody calls a tool that is not on offer."""
    first: str
    results: tuple[str, ...] = ()
    """What the tools gave, as the history of round two holds it."""
    second: str | None = None


class AnswerBook:
    """The answers of a file; it is made from the cases when a server is launched."""

    def __init__(self, answers: list[Answer], fallback: str = FALLBACK) -> None:
        """`fallback` answers all that is not in the book."""
        self._answers = answers
        self._fallback = fallback

    @classmethod
    def read(cls, path: Path | None) -> "AnswerBook":
        """Return the book of a file (a list of objects with the fields of Answer); None: an empty one."""
        if path is None:
            return cls([])
        entries = json.loads(path.read_text("utf-8"))
        return cls(
            [
                Answer(
                    entry["question"],
                    tuple(entry["tools"]),
                    entry["first"],
                    tuple(entry["results"]),
                    entry["second"],
                )
                for entry in entries
            ]
        )

    def text_for(self, prompt: str) -> str:
        """Return what is said to the question that stands last in the prompt."""
        position, answer = max(
            ((prompt.rfind(answer.question), answer) for answer in self._answers),
            key=lambda found: (found[0], len(found[1].question)),
            default=(-1, None),
        )
        if answer is None or position < 0:
            return self._fallback
        behind = prompt[position:]
        if answer.second is not None and any(_is_in(result, behind) for result in answer.results):
            return answer.second
        return answer.first if all(name in prompt for name in answer.tools) else self._fallback


def _is_in(result: str, text: str) -> bool:
    """Return whether a tool's result stands in a text, as it is or as a template writes it into JSON."""
    return result in text or json.dumps(result)[1:-1] in text
