"""What became of one test item."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from tests.harness.records.finding import Finding

Result = Literal["passed", "failed", "known", "unstable", "not-applicable", "infrastructure", "error"]


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

    def to_json(self) -> str:
        """One line; crosses from xdist workers to the controller and into the run file."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        """The record that `to_json` wrote."""
        data = json.loads(text)
        judgements = tuple(
            Judgement(**{**entry, "finding": Finding(**entry["finding"])}) for entry in data["judgements"]
        )
        return cls(
            **{
                **data,
                "judgements": judgements,
                "cells": tuple(Cell(**entry) for entry in data["cells"]),
                "covered": tuple(data["covered"]),
                "not_applicable": tuple(data["not_applicable"]),
            }
        )
