"""The verdict, from outcomes alone."""

from collections.abc import Sequence

from tests.harness.core.records.known_issue import Harm, KnownIssue
from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.verdict import Verdict


def decide(
    outcomes: Sequence[Outcome],
    issues: Sequence[KnownIssue],
    stale: Sequence[KnownIssue],
    block: Sequence[Harm],
) -> Verdict:
    """Go, no-go or no verdict for one deployment, without a baseline: the ledger decides.

    `stale` are `must` entries that did not show although all that they cover was judged; `block` names the harms
    whose known issues block as well.
    """
    if broken := broken_infrastructure(outcomes):
        return Verdict("NO VERDICT", broken)
    judged = [outcome for outcome in outcomes if outcome.result in {"passed", "failed", "known", "unstable"}]
    if not judged:
        return Verdict("NO VERDICT", "nothing was judged")
    failed = [outcome for outcome in judged if outcome.result == "failed"]
    reasons = [f"{count_of(len(failed), 'case', 'cases')} with unexplained findings"] if failed else []
    reasons += [f"stale entry {issue.id}: it says `must` and did not show" for issue in stale]
    reasons += blocked_by_harm(judged, issues, block)
    if reasons:
        return Verdict("NO-GO", "; ".join(reasons))
    return Verdict("GO", "nothing unexplained")


def shown_issues(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Known issue id -> number of items that showed it."""
    counts: dict[str, int] = {}
    for outcome in outcomes:
        for name in {judgement.known_issue for judgement in outcome.judgements if judgement.known_issue}:
            counts[name] = counts.get(name, 0) + 1
    return counts


def broken_infrastructure(outcomes: Sequence[Outcome]) -> str:
    """Why outcomes can have no verdict at all; empty if they can."""
    for result, what in (("infrastructure", "the infrastructure"), ("error", "the suite itself")):
        broken = [outcome for outcome in outcomes if outcome.result == result]
        if broken:
            failed = count_of(len(broken), "case", "cases")
            return f"{what} failed in {failed}: {_first_line(broken[0].note)}"
    return ""


def blocked_by_harm(
    outcomes: Sequence[Outcome], issues: Sequence[KnownIssue], block: Sequence[Harm]
) -> list[str]:
    """A sentence for each known issue that showed and whose harm the user does not accept."""
    shown = shown_issues(outcomes)
    return [
        f"known issue {issue.id} ({issue.harm}) blocks by --block"
        for issue in issues
        if issue.id in shown and issue.harm in block
    ]


def count_of(number: int, one: str, many: str) -> str:
    """`1 case`, `2 cases`."""
    return f"{number} {one if number == 1 else many}"


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
