"""What became of one test item."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from tests.harness.core.records.figure import Figure
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import ExplainedFinding, Intermittent, JudgedAnswer

Result = Literal[
    "passed", "failed", "known", "unstable", "not-applicable", "not-recorded", "infrastructure", "error"
]
"""`not-recorded`: a replay asks something that its recording has no answer to; neither passed nor failed."""
JUDGED: frozenset[Result] = frozenset({"passed", "failed", "known", "unstable"})
"""Results of items of which something was judged."""
NOT_RECORDED = "not recorded: "
"""How the reasons begin for which a replay leaves out a part of an item."""
RETOLD = "as recorded, not judged again"
"""How the note of an item begins that needs a server, in a replay."""


@dataclass(frozen=True)
class Outcome:
    """The result of one item with everything the verdict needs."""

    item: str
    deployment: str
    case: str
    mode: str
    result: Result
    answers: tuple[JudgedAnswer, ...] = ()
    """Every answer that was judged, right ones too."""
    not_applicable: tuple[str, ...] = ()
    """Reasons why parts of it do not apply to the deployment, one a part."""
    note: str = ""
    """Why it is not applicable, unstable or an infrastructure failure."""
    figures: tuple[Figure, ...] = ()
    """What was measured."""

    @property
    def name(self) -> str:
        """Return the item without its deployment's label: the same in every run."""
        function, bracket, parameters = self.item.partition("[")
        own = parameters.removeprefix(self.deployment).removeprefix("-")
        return f"{function}{bracket}{own}".removesuffix("[]")

    @property
    def findings(self) -> tuple[ExplainedFinding, ...]:
        """Return the findings of all answers of the item."""
        return tuple(explained for answer in self.answers for explained in answer.findings)

    @property
    def unexplained(self) -> frozenset[str]:
        """Return `check/symptom` of the findings that no ledger entry explains."""
        return frozenset(name for answer in self.answers for name in answer.unexplained)

    @property
    def known_issues(self) -> frozenset[str]:
        """Return ids of the ledger entries that explain something in it."""
        return frozenset(name for answer in self.answers for name in answer.known_issues)

    def to_json(self) -> str:
        """Return one line; it crosses from xdist workers to the controller and into the run file."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        """Read the record that `to_json` wrote."""
        return cls.from_data(json.loads(text))

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Outcome":
        """Make the record of JSON that is parsed already."""
        figures = (Figure(**{**entry, "samples": tuple(entry["samples"])}) for entry in data["figures"])
        return cls(
            **{
                **data,
                "answers": tuple(map(_answer, data["answers"])),
                "not_applicable": tuple(data["not_applicable"]),
                "figures": tuple(figures),
            }
        )


def known_issue_counts(outcomes: Iterable[Outcome]) -> Counter[str]:
    """Count the items that showed each known issue, by its id."""
    return Counter(name for outcome in outcomes for name in outcome.known_issues)


def _answer(data: dict[str, Any]) -> JudgedAnswer:
    findings = tuple(
        ExplainedFinding(Finding(**entry["finding"]), entry["known_issue"]) for entry in data["findings"]
    )
    return JudgedAnswer(
        **{
            **data,
            "findings": findings,
            "cut": None if data["cut"] is None else tuple(data["cut"]),
            "cut_tags": tuple(data["cut_tags"]),
            "must_due": tuple(data["must_due"]),
            "must_covering": tuple(data["must_covering"]),
            "intermittent": tuple(Intermittent(**entry) for entry in data["intermittent"]),
        }
    )
