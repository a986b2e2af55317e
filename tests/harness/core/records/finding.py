"""What a check has to say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One broken rule in one answer."""

    check: str
    symptom: str
    message: str
    """One sentence: what is wrong, in the words of somebody who uses the API."""
    expected: str = ""
    got: str = ""
    call: int | None = None
    """Index of the tool call it is about; None: the answer as a whole."""
    event: int | None = None
    """Number of the event that shows it."""
    source: str = ""
    """The document that makes it a rule."""

    @property
    def name(self) -> str:
        """Return `check/symptom`, as messages and the ledger's readers say it."""
        return f"{self.check}/{self.symptom}"
