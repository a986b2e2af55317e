"""From an answer to its judged form: all findings, each with the ledger entry that explains it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import NO_RESULT, ExplainedFinding, JudgedAnswer
from tests.harness.core.records.known_issue import KnownIssue
from tests.harness.core.records.observation import Observation, ObservedAnswer
from tests.harness.core.records.profile import Profile
from tests.harness.core.records.split import NATURAL
from tests.harness.judging.check_context import CheckContext
from tests.harness.judging.check_selection import judge_what_can_be
from tests.harness.judging.checks.answer import unique_ids
from tests.harness.judging.id_registry import IdRegistry
from tests.harness.judging.ledger.match import NO_PARSER, TOOL_SCHEMA, Place, covering, explain, is_about
from tests.harness.judging.ledger.versions import is_within_seen
from tests.harness.recording.result_hash import result_hash


def reader_of(request: Mapping[str, Any], profile: Profile) -> str:
    """Return what reads the answer to a request, as the ledger names it.

    That is the profile's parser, unless the request's `tool_choice` leaves it out.
    """
    match request.get("tool_choice"):
        case "none" if not profile.syntax.always_read:
            return NO_PARSER
        case "required" | {"type": "function"} if not profile.syntax.demanded:
            return TOOL_SCHEMA
    return profile.parser


class Judge:
    """The checks and the ledger, for one deployment and its version of vLLM."""

    def __init__(self, issues: Sequence[KnownIssue], version: str) -> None:
        """Take the ledger's entries and the version that they are asked about."""
        self._issues = issues
        self._issues_by_place: dict[tuple[str, str, frozenset[str], str], tuple[KnownIssue, ...]] = {}
        self.version = version
        self._ids = IdRegistry()

    def findings(self, context: CheckContext, only: frozenset[str] | None = None) -> tuple[Finding, ...]:
        """Return all findings about an answer; `only` limits them to some checks."""
        findings = judge_what_can_be(context)
        return tuple(finding for finding in findings if only is None or finding.check in only)

    def with_ids(self, context: CheckContext, answer: JudgedAnswer) -> JudgedAnswer:
        """Add what is to be said of ids that another answer of the run had before.

        Apart from all else, as no repetition has to confirm it: an id that came twice has come twice.
        """
        repeated = self._ids.repeated_in(context.exchange, context.reply)
        if not repeated:
            return answer
        findings = self.findings(replace(context, used_elsewhere=repeated), frozenset({unique_ids.CHECK.id}))
        return replace(answer, findings=answer.findings + self._explained(findings, self._place(context)))

    def judged(self, context: CheckContext, findings: Sequence[Finding], note: str = "") -> JudgedAnswer:
        """Return an answer with its findings, each looked up in the ledger."""
        place = self._place(context)
        return JudgedAnswer(
            case=context.case.id,
            mode=context.mode,
            split=context.split,
            turn=context.turn,
            exchange=context.exchange.key.name,
            result=result_hash(context.exchange, context.reply),
            cut=context.cut,
            cut_tags=tuple(sorted(context.cut_tags or ())),
            findings=self._explained(findings, place),
            **({} if context.is_broken_off else self._musts(place)),
            note=note,
        )

    def judge(self, context: CheckContext) -> JudgedAnswer:
        """Return the answer with all findings about it."""
        return self.judged(context, self.findings(context))

    def observed(
        self, observation: Observation, case: str, parser: str, tags: frozenset[str] = frozenset()
    ) -> ObservedAnswer:
        """Look up what many requests together showed, a refusal, or a client; `case` names what was asked."""
        place = Place(self.version, parser, observation.mode, tags, None, case)
        answer = JudgedAnswer(
            case=case,
            mode=observation.mode,
            split=NATURAL.name,
            turn=1,
            exchange=observation.exchange,
            result=NO_RESULT,
            findings=self._explained(observation.findings, place),
            **self._musts(place),
            note=observation.note,
            intermittent=observation.intermittent,
        )
        return ObservedAnswer(observation, answer)

    def _musts(self, place: Place) -> dict[str, Any]:
        """Return which `must` entries are about an answer, and which of them are due: their ids, by field."""
        musts = covering(self._issues_at(place), place)
        # Silence on a release newer than the last one seen is a fix, and no stale entry.
        due = [issue for issue in musts if is_within_seen(issue, self.version)]
        return {
            "must_due": tuple(issue.id for issue in due),
            "must_covering": tuple(issue.id for issue in musts),
        }

    def _explained(self, findings: Iterable[Finding], place: Place) -> tuple[ExplainedFinding, ...]:
        entries = ((finding, explain(finding, self._issues_at(place), place)) for finding in findings)
        return tuple(ExplainedFinding(finding, entry.id if entry else None) for finding, entry in entries)

    def _issues_at(self, place: Place) -> tuple[KnownIssue, ...]:
        """Return the entries about such an answer under some cut: they are the same for all cuts of a case."""
        key = place.parser, place.mode, frozenset(place.tags), place.case
        if key not in self._issues_by_place:
            under_any_cut = replace(place, cut_tags=None)
            self._issues_by_place[key] = tuple(
                issue for issue in self._issues if is_about(issue, under_any_cut)
            )
        return self._issues_by_place[key]

    def _place(self, context: CheckContext) -> Place:
        reader = reader_of(context.request, context.profile)
        tags, cut_tags = context.tags, context.cut_tags
        return Place(self.version, reader, context.mode, tags, cut_tags, context.case.id)
