"""The verdict, from outcomes alone."""

from collections.abc import Sequence

from tests.harness.records.known_issue import Harm, KnownIssue
from tests.harness.records.outcome import Outcome
from tests.harness.records.verdict import Verdict


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
    broken = [outcome for outcome in outcomes if outcome.result == "infrastructure"]
    if broken:
        return Verdict(
            "NO VERDICT", f"the infrastructure failed in {_cases(len(broken))}: {_first_line(broken[0].note)}"
        )
    errors = [outcome for outcome in outcomes if outcome.result == "error"]
    if errors:
        return Verdict(
            "NO VERDICT", f"the suite itself failed in {_cases(len(errors))}: {_first_line(errors[0].note)}"
        )
    judged = [outcome for outcome in outcomes if outcome.result in {"passed", "failed", "known", "unstable"}]
    if not judged:
        return Verdict("NO VERDICT", "nothing was judged")
    failed = [outcome for outcome in judged if outcome.result == "failed"]
    reasons = [f"{_cases(len(failed))} with unexplained findings"] if failed else []
    reasons += [f"stale entry {issue.id}: it says `must` and did not show" for issue in stale]
    reasons += [
        f"known issue {issue.id} ({issue.harm}) blocks by --block"
        for issue in _blocked(judged, issues, block)
    ]
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


def _blocked(
    outcomes: Sequence[Outcome], issues: Sequence[KnownIssue], block: Sequence[Harm]
) -> list[KnownIssue]:
    shown = shown_issues(outcomes)
    return [issue for issue in issues if issue.id in shown and issue.harm in block]


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
