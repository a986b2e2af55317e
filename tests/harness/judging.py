"""From an answer to judgements: all findings, each with the ledger entry that explains it."""

from collections.abc import Sequence

from tests.harness.debatable import judge_what_can_be
from tests.harness.ledger.explain import Place, covering, explain, is_explained_elsewhere
from tests.harness.ledger.versions import is_within_seen
from tests.harness.records.finding import Finding
from tests.harness.records.judged import Judged
from tests.harness.records.known_issue import KnownIssue
from tests.harness.records.observed import Observed, Sight
from tests.harness.records.outcome import Judgement
from tests.harness.records.split import NATURAL
from tests.harness.records.subject import Subject


def reader_of(subject: Subject) -> str:
    """What reads the answer, as the ledger names it: the parser, unless the request's `tool_choice` leaves it out."""
    match subject.request.get("tool_choice"):
        case "none":
            return "no-parser"
        case "required" | {"type": "function"}:
            return "tool-schema"
    return subject.profile.parser


class Judge:
    """The rules and the ledger, for one version of vLLM."""

    def __init__(self, issues: Sequence[KnownIssue], version: str) -> None:
        """`version` is the one that the ledger is asked about."""
        self._issues = issues
        self.version = version

    def findings(self, subject: Subject, only: frozenset[str] | None = None) -> tuple[Finding, ...]:
        """All findings; `only` limits them to some checks."""
        found = judge_what_can_be(subject)
        return tuple(finding for finding in found if only is None or finding.check in only)

    def judged(self, subject: Subject, findings: Sequence[Finding], note: str = "") -> Judged:
        """Look each finding up in the ledger."""
        place = self._place(subject)
        judgements = []
        for finding in findings:
            issue = explain(finding, self._issues, place)
            known = issue.id if issue else None
            judgements.append(
                Judgement(finding, subject.case.id, subject.mode, subject.split, subject.round, known)
            )
        # Silence on a release newer than the last one seen is a fix, and no stale entry.
        musts = covering(self._issues, place)
        due = [issue for issue in musts if is_within_seen(issue, self.version)]
        return Judged(
            subject,
            tuple(judgements),
            tuple(issue.id for issue in due),
            note,
            tuple(issue.id for issue in musts),
        )

    def doubtful(self, judged: Judged) -> frozenset[str]:
        """Names of unexplained findings that the ledger explains where the stream is cut otherwise."""
        place = self._place(judged.subject)
        return frozenset(
            found.finding.name
            for found in judged.judgements
            if found.known_issue is None and is_explained_elsewhere(found.finding, self._issues, place)
        )

    def _place(self, subject: Subject) -> Place:
        return Place(self.version, reader_of(subject), subject.mode, subject.split, subject.tags)

    def observed(self, sight: Sight, item: str, parser: str, tags: frozenset[str] = frozenset()) -> Observed:
        """Look up what many streams together showed, or one bad request, which alone has tags."""
        place = Place(self.version, parser, sight.mode, NATURAL.name, tags)
        judgements = []
        for finding in sight.findings:
            issue = explain(finding, self._issues, place)
            judgements.append(
                Judgement(finding, item, sight.mode, NATURAL.name, 1, issue.id if issue else None)
            )
        return Observed(sight, tuple(judgements))
