"""A change between releases is found by halving; what cannot be judged gives no answer."""

from collections.abc import Callable

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.session import bisect as module
from tests.harness.session.bisect import Probe, first_change, lines, releases_between

RELEASES = [f"0.{minor}.0" for minor in range(20, 33)]


def shows(*names: str) -> tuple[JudgedAnswer, ...]:
    found = [ExplainedFinding(Finding(*name.split("/"), "It is broken.", "one", "two")) for name in names]
    return (JudgedAnswer("one-call", "stream", "natural", 1, "", "r", tuple(found)),)


def probing(since: str, before: str, after: str, probed: list[str]) -> Callable[[str], Probe]:
    def probe(version: str) -> Probe:
        probed.append(version)
        newer = RELEASES.index(version) >= RELEASES.index(since)
        return Probe(version, shows(after if newer else before))

    return probe


@pytest.mark.parametrize("since", RELEASES[1:])
def test_the_first_release_that_differs_is_found_by_halving(since: str) -> None:
    probed: list[str] = []
    pair = first_change(
        RELEASES, probing(since, "stream-frames/error-frame", "arguments-json/glued-twice", probed)
    )
    assert pair is not None
    assert pair[1].version == since
    assert RELEASES.index(pair[0].version) == RELEASES.index(since) - 1
    assert len(probed) == len(set(probed)) <= 6


def test_without_a_change_only_the_ends_are_asked() -> None:
    probed: list[str] = []
    assert first_change(RELEASES, probing("0.20.0", "a/b", "a/b", probed)) is None
    assert probed == ["0.20.0", "0.32.0"]


def test_the_answer_shows_both_neighbours() -> None:
    old, new = (
        Probe("0.22.1", shows("stream-frames/error-frame")),
        Probe("0.23.0", shows("arguments-json/empty")),
    )
    text = "\n".join(lines(RELEASES, (old, new)))
    assert text.startswith("CHANGED   process:0.23.0 is the first that differs from process:0.20.0")
    assert "lost    one-call [stream, natural]   stream-frames/error-frame   expected one   got two" in text
    assert "shows   one-call [stream, natural]   arguments-json/empty" in text


def test_releases_are_those_on_the_index_without_repacked_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_listed", lambda: ["0.24.0", "0.12.0.post2", "0.12.0", "0.10.2", "0.9.2"])
    assert releases_between("process:0.10.2..process:0.20.2") == ["0.10.2", "0.12.0", "0.20.2"]


def test_without_an_index_those_with_a_lock_are_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_listed", list)
    assert releases_between("process:0.31.0..process:0.32.0") == ["0.31.0", "0.32.0"]


@pytest.mark.parametrize("span", ["0.24.0..0.32.0", "process:0.32.0", "process:0.32.0..process:0.24.0"])
def test_a_span_that_is_none_is_refused(span: str) -> None:
    with pytest.raises(UsageProblem, match="--bisect"):
        releases_between(span)
