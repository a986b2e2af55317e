"""The one honest word."""

from dataclasses import dataclass
from typing import Literal

Word = Literal["GO", "NO-GO", "NO VERDICT"]
EXIT_STATUS: dict[Word, int] = {"GO": 0, "NO-GO": 1, "NO VERDICT": 10}


@dataclass(frozen=True)
class Verdict:
    """The word for one deployment and the reason for it."""

    word: Word
    reason: str

    @property
    def exit_status(self) -> int:
        """0 go, 1 no-go, 10 no verdict."""
        return EXIT_STATUS[self.word]
