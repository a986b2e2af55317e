"""What became of one test item."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from tests.harness.core.records.figure import Figure
from tests.harness.core.records.finding import Finding

Result = Literal[
    "passed", "failed", "known", "unstable", "not-applicable", "not-recorded", "infrastructure", "error"
]
"""`not-recorded`: a replay asks something that its recording has no answer to; neither passed nor failed."""
NOT_RECORDED = "not recorded: "
"""How the reasons begin for which a replay leaves out a part of an item."""
RETOLD = "as recorded, not judged again"
"""How the note of an item begins that needs a server, in a replay."""


@dataclass(frozen=True)
class Judgement:
    """A finding, where it was found, and the ledger entry that explains it, if any."""

    finding: Finding
    case: str
    mode: str
    split: str
    round: int
    known_issue: str | None = None


@dataclass(frozen=True)
class Cell:
    """One judged answer of an item: what the gate compares."""

    split: str
    round: int
    exchange: str
    """Name of its recording: `ExchangeKey.name`."""
    result: str
    """Short hash of what the answer came to; equal for equal results, whatever the ids and the timing."""
    covered: tuple[str, ...] = ()
    """Ids of all `must` entries about this answer, also of those that were last seen in an older release."""


@dataclass(frozen=True)
class Outcome:
    """The result of one item with everything the verdict needs."""

    item: str
    deployment: str
    case: str
    mode: str
    result: Result
    judgements: tuple[Judgement, ...] = ()
    cells: tuple[Cell, ...] = ()
    """Every answer that was judged, right ones too."""
    covered: tuple[str, ...] = ()
    """Ids of `must` entries that this item should have shown."""
    not_applicable: tuple[str, ...] = ()
    """Reasons why parts of it do not apply to the deployment, one a part."""
    note: str = ""
    """Why it is not applicable, unstable or an infrastructure failure."""
    figures: tuple[Figure, ...] = ()
    """What was measured."""

    @property
    def name(self) -> str:
        """The item without its deployment's label: the same in every run."""
        function, bracket, parameters = self.item.partition("[")
        return (
            f"{function}{bracket}{parameters.removeprefix(self.deployment).removeprefix('-')}".removesuffix(
                "[]"
            )
        )

    def to_json(self) -> str:
        """One line; crosses from xdist workers to the controller and into the run file."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        """The record that `to_json` wrote."""
        return cls.from_data(json.loads(text))

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Outcome":
        """As `from_json`, of JSON that is parsed already."""
        judgements = tuple(
            Judgement(**{**entry, "finding": Finding(**entry["finding"])}) for entry in data["judgements"]
        )
        return cls(
            **{
                **data,
                "judgements": judgements,
                "cells": tuple(
                    Cell(**{**entry, "covered": tuple(entry.get("covered", ()))}) for entry in data["cells"]
                ),
                "covered": tuple(data["covered"]),
                "not_applicable": tuple(data["not_applicable"]),
                "figures": tuple(
                    Figure(**{**entry, "samples": tuple(entry["samples"])}) for entry in data["figures"]
                ),
            }
        )
