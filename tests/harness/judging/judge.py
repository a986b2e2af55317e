"""From an answer to judgements: all findings, each with the ledger entry that explains it."""

from collections.abc import Sequence

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged import Judged
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.core.records.observed import Observation, Observed
from tests.harness.core.records.outcome import Judgement
from tests.harness.core.records.split import NATURAL
from tests.harness.core.records.subject import CheckContext
from tests.harness.judging.check_selection import judge_what_can_be
from tests.harness.judging.ledger.match import Place, covering, explain, is_explained_elsewhere
from tests.harness.judging.ledger.versions import is_within_seen


def reader_of(context: CheckContext) -> str:
    """What reads the answer, as the ledger names it: the parser, unless the request's `tool_choice` leaves it out."""
    match context.request.get("tool_choice"):
        case "none":
            return "no-parser"
        case "required" | {"type": "function"}:
            return "tool-schema"
    return context.profile.parser


class Judge:
    """The rules and the ledger, for one version of vLLM."""

    def __init__(self, issues: Sequence[KnownIssue], version: str) -> None:
        """`version` is the one that the ledger is asked about."""
        self._issues = issues
        self.version = version

    def findings(self, context: CheckContext, only: frozenset[str] | None = None) -> tuple[Finding, ...]:
        """All findings; `only` limits them to some checks."""
        found = judge_what_can_be(context)
        return tuple(finding for finding in found if only is None or finding.check in only)

    def judged(self, context: CheckContext, findings: Sequence[Finding], note: str = "") -> Judged:
        """Look each finding up in the ledger."""
        place = self._place(context)
        judgements = []
        for finding in findings:
            issue = explain(finding, self._issues, place)
            known = issue.id if issue else None
            judgements.append(
                Judgement(finding, context.case.id, context.mode, context.split, context.round, known)
            )
        # Silence on a release newer than the last one seen is a fix, and no stale entry.
        musts = covering(self._issues, place)
        due = [issue for issue in musts if is_within_seen(issue, self.version)]
        return Judged(
            context,
            tuple(judgements),
            tuple(issue.id for issue in due),
            note,
            tuple(issue.id for issue in musts),
        )

    def chunking_dependent(self, judged: Judged) -> frozenset[str]:
        """Names of unexplained findings that the ledger explains where the stream is cut otherwise."""
        place = self._place(judged.context)
        return frozenset(
            found.finding.name
            for found in judged.judgements
            if found.known_issue is None and is_explained_elsewhere(found.finding, self._issues, place)
        )

    def _place(self, context: CheckContext) -> Place:
        return Place(self.version, reader_of(context), context.mode, context.split, context.tags)

    def observed(
        self, sight: Observation, item: str, parser: str, tags: frozenset[str] = frozenset()
    ) -> Observed:
        """Look up what many streams together showed, or one bad request, which alone has tags."""
        place = Place(self.version, parser, sight.mode, NATURAL.name, tags)
        judgements = []
        for finding in sight.findings:
            issue = explain(finding, self._issues, place)
            judgements.append(
                Judgement(finding, item, sight.mode, NATURAL.name, 1, issue.id if issue else None)
            )
        return Observed(sight, tuple(judgements))
