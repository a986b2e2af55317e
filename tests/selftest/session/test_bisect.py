"""A change between releases is found by halving; what cannot be judged gives no answer."""

from collections.abc import Callable

import pytest

from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.finding import Finding
from tests.harness.core.records.judged_answer import ExplainedFinding, JudgedAnswer
from tests.harness.session import bisect as module
from tests.harness.session.bisect import Probe, first_change, lines, targets_between

RELEASES = [f"process:0.{minor}.0" for minor in range(20, 33)]


def shows(*names: str) -> tuple[JudgedAnswer, ...]:
    found = [ExplainedFinding(Finding(*name.split("/"), "It is broken.", "one", "two")) for name in names]
    return (JudgedAnswer("one-call", "stream", "natural", 1, "", "r", tuple(found)),)


def probing(since: str, before: str, after: str, probed: list[str]) -> Callable[[str], Probe]:
    def probe(target: str) -> Probe:
        probed.append(target)
        newer = RELEASES.index(target) >= RELEASES.index(since)
        return Probe(target, shows(after if newer else before))

    return probe


@pytest.mark.parametrize("since", RELEASES[1:])
def test_the_first_release_that_differs_is_found_by_halving(since: str) -> None:
    probed: list[str] = []
    pair = first_change(
        RELEASES, probing(since, "stream-frames/error-frame", "arguments-json/glued-twice", probed)
    )
    assert pair is not None
    assert pair[1].target == since
    assert RELEASES.index(pair[0].target) == RELEASES.index(since) - 1
    assert len(probed) == len(set(probed)) <= 6


def test_without_a_change_only_the_ends_are_asked() -> None:
    probed: list[str] = []
    assert first_change(RELEASES, probing("process:0.20.0", "a/b", "a/b", probed)) is None
    assert probed == ["process:0.20.0", "process:0.32.0"]


def test_the_answer_shows_both_neighbours() -> None:
    old, new = (
        Probe("process:0.22.1", shows("stream-frames/error-frame")),
        Probe("process:0.23.0", shows("arguments-json/empty")),
    )
    text = "\n".join(lines(RELEASES, (old, new)))
    assert text.startswith("CHANGED   process:0.23.0 is the first that differs from process:0.20.0")
    assert "lost    one-call [stream, natural]   stream-frames/error-frame   expected one   got two" in text
    assert "shows   one-call [stream, natural]   arguments-json/empty" in text


@pytest.mark.parametrize("kind", ["process", "wheel"])
def test_releases_are_those_on_the_index_without_repacked_ones(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = ["0.24.0", "0.12.0.post2", "0.12.0", "0.10.2", "0.9.2"]
    monkeypatch.setattr(module, "_listed", lambda build: listed if build is module.BUILDS[kind] else [])
    assert targets_between(f"{kind}:0.10.2..{kind}:0.20.2") == [
        f"{kind}:{version}" for version in ("0.10.2", "0.12.0", "0.20.2")
    ]


@pytest.mark.parametrize(
    ("span", "targets"),
    [
        ("process:0.31.0..process:0.32.0", ["process:0.31.0", "process:0.32.0"]),
        ("wheel:0.31.0..wheel:0.33.0", ["wheel:0.31.0", "wheel:0.32.0", "wheel:0.33.0"]),
        ("wheel:0.30.0..wheel:0.31.0rc1", ["wheel:0.30.0", "wheel:0.31.0rc1"]),
    ],
)
def test_without_an_index_those_with_a_lock_are_walked(
    span: str, targets: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_listed", lambda _: [])
    assert targets_between(span) == targets


@pytest.mark.parametrize(
    ("span", "says"),
    [
        ("0.24.0..0.32.0", "wanted is wheel:A..wheel:B or process:A..process:B"),
        ("process:0.32.0", "wanted is wheel:A..wheel:B"),
        ("wheel:newest..wheel:0.33.0", "wanted is wheel:A..wheel:B"),
        ("wheel:0.32.0..wheel:0.33.0[profile=fixture]", "what is asked is chosen by -k"),
        ("process:0.24.0..wheel:0.33.0", "both ends have to be releases of one build"),
        ("container:0.24.0..container:0.33.0", "both ends have to be releases of one build"),
        ("process:0.32.0..process:0.24.0", "the first release has to be older"),
        ("wheel:0.33.0..wheel:0.33.0", "the first release has to be older"),
    ],
)
def test_a_span_that_is_none_is_refused(span: str, says: str) -> None:
    with pytest.raises(UsageProblem, match="--bisect") as problem:
        targets_between(span)
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)
