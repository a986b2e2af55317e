"""Generated texts find a faulty parser, make the text small, and say how to keep it; what is known stays silent."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.harness.core.records.case import MODES, Mode
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.fuzzing import Effort
from tests.harness.core.records.known_issue import KnownIssue, Shows
from tests.harness.judging.judge import Judge
from tests.harness.report.evidence import Rerun
from tests.harness.suites.answer_store import AnswerStore
from tests.harness.suites.forced import ForcedSuite
from tests.harness.suites.generated.drawn_splits import DrawnSplitsSuite
from tests.harness.suites.generated.suite import Fuzzed, GeneratedSuite
from tests.selftest.cases.generate.test_generate import loaded
from tests.selftest.faulty_servers.correct import Answer
from tests.selftest.judging.ledger.entries import issue
from tests.selftest.parrot import ReadingParrot, Request, answer_store_of

ITEM = "tests/live/test_generated.py::test_generated[parrot-stream]"
TEXTS = 30
SMALL = 45
"""Characters: one call with one argument, and a brace in it."""


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search ends by its number of trials, however slow the machine is."""
    monkeypatch.setattr("tests.harness.suites.generated.suite.LONGEST_SEARCH_S", 600.0)


def drops_last_brace(answer: Answer, request: Request) -> Answer:
    """Counts braces in strings too, and so ends too early, when streaming."""
    if not request.get("stream"):
        return answer
    calls = (
        replace(call, arguments=call.arguments[:-1]) if has_closing_brace(call.arguments) else call
        for call in answer.calls
    )
    return replace(answer, calls=tuple(calls))


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def has_closing_brace(arguments: str) -> bool:
    return any("}" in string for string in _STRING.findall(arguments))


def loses_plain_text(answer: Answer, request: Request) -> Answer:
    return answer if answer.calls or not request.get("stream") else Answer(content="")


def both(answer: Answer, request: Request) -> Answer:
    return loses_plain_text(drops_last_brace(answer, request), request)


BRACE: KnownIssue = issue(
    id="brace",
    cuts=(),
    tags=("brace-in-string",),
    shows=(Shows("arguments-json", ("cut-short",)),),
)


@dataclass
class Bench:
    generated_suite: GeneratedSuite
    answer_store: AnswerStore
    lines: list[str] = field(default_factory=list)


@contextmanager
def bench(
    parrot: ReadingParrot, folder: Path, issues: Sequence[KnownIssue] = (), texts: int = TEXTS, seed: int = 0
) -> Iterator[Bench]:
    lines: list[str] = []
    with answer_store_of(parrot, folder, lines.append) as answer_store:
        forced_suite = DrawnSplitsSuite(answer_store, Judge(issues, "0.32.0"), "default")
        rerun = Rerun.of(answer_store.server.deployment, "default")
        yield Bench(GeneratedSuite(forced_suite, Effort(texts, seed), 4, ITEM, rerun), answer_store, lines)
        forced_suite.close()


def fuzz(
    parrot: ReadingParrot, folder: Path, issues: Sequence[KnownIssue] = (), mode: Mode = "stream"
) -> Fuzzed:
    with bench(parrot, folder, issues) as made:
        return made.generated_suite.run(mode)


def names(fuzzed: Fuzzed) -> set[tuple[str, str | None]]:
    return {(found.finding.name, found.known_issue) for entry in fuzzed.judged for found in entry.findings}


@pytest.mark.parametrize("mode", MODES)
def test_a_right_parser_has_no_findings(mode: Mode, tmp_path: Path) -> None:
    with bench(ReadingParrot(), tmp_path) as made:
        assert made.generated_suite.run(mode) == Fuzzed((), "")
    said = f"fuzz      {TEXTS} texts [{mode}], seed 0: {TEXTS} right, 0 with known issues, 0 with unexplained findings"
    assert said in made.lines


def test_a_faulty_parser_is_found_and_the_text_made_small(tmp_path: Path) -> None:
    found = fuzz(ReadingParrot(drops_last_brace), tmp_path)
    (shown,) = found.judged
    case = loaded(found.failure.partition("at the end of that file:\n\n")[2], tmp_path)
    assert names(found) == {("arguments-json/cut-short", None)}
    assert len(case.text or "") <= SMALL
    assert shown.split == "char"
    assert json.dumps(case.text) in found.failure
    assert f"right      {case.calls[0].name} {json.dumps(case.calls[0].arguments)}" in found.failure
    assert f"--fuzz-examples {TEXTS} --fuzz-seed 0 -k test_generated" in found.failure
    assert "by hand    curl" in found.failure


def test_the_case_that_is_printed_fails_again(tmp_path: Path) -> None:
    parrot = ReadingParrot(drops_last_brace)
    found = fuzz(parrot, tmp_path)
    printed = found.failure.partition("at the end of that file:\n\n")[2]
    case = loaded(printed, tmp_path)
    assert case.id == found.judged[0].case
    with answer_store_of(parrot, tmp_path / "again") as answer_store:
        forced_suite = ForcedSuite(answer_store, Judge((), "0.32.0"), "default")
        judged = forced_suite.confirmed(case, "stream")
        forced_suite.close()
    assert {f.finding.name for entry in judged for f in entry.findings} == {"arguments-json/cut-short"}


def test_a_known_issue_is_an_expected_failure_and_counted(tmp_path: Path) -> None:
    with bench(ReadingParrot(drops_last_brace), tmp_path, [BRACE]) as made:
        found = made.generated_suite.run("stream")
    assert found.failure == ""
    assert names(found) == {("arguments-json/cut-short", "brace")}
    assert len(found.judged) == 1, "one answer an issue is enough"
    assert not any(entry.must_due or entry.must_covering for entry in found.judged)
    assert "0 with unexplained findings" in made.lines[-1]
    assert "0 with known issues" not in made.lines[-1]


def test_an_answer_with_two_known_issues_is_kept_once(tmp_path: Path) -> None:
    """Cut arguments, and text where none is due."""

    def twice(answer: Answer, request: Request) -> Answer:
        spoiled = drops_last_brace(answer, request)
        return spoiled if spoiled == answer else replace(spoiled, content="Well.")

    shows = Shows("content", ("unexpected-text", "other-text")), Shows("provenance", ("text",))
    text = replace(BRACE, id="text", tags=(), shows=shows)
    found = fuzz(ReadingParrot(twice), tmp_path, [BRACE, text])
    assert {name for _, name in names(found)} == {"brace", "text"}
    assert len(found.judged) == len({id(entry) for entry in found.judged}) == 1


def test_a_known_issue_hides_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.harness.suites.generated.suite.MOST_TRIALS", 1)
    found = fuzz(ReadingParrot(both), tmp_path, [BRACE])
    assert names(found) == {("content/lost", None)}
    narrow = replace(BRACE, tags=("brace-in-string", "key-name"))
    assert ("arguments-json/cut-short", None) in names(fuzz(ReadingParrot(both), tmp_path / "b", [narrow]))


def test_each_kind_of_finding_is_made_small_by_itself(tmp_path: Path) -> None:
    found = fuzz(ReadingParrot(both), tmp_path)
    assert names(found) == {("arguments-json/cut-short", None), ("content/lost", None)}
    texts = [line.split(None, 1)[1] for line in found.failure.splitlines() if line.startswith("  text  ")]
    assert [len(json.loads(text)) <= SMALL for text in texts] == [True, True]
    assert found.failure.count("keep it    as tests/cases/forced-generated.toml") == 2


def test_what_does_not_come_again_is_noted_and_no_finding(tmp_path: Path) -> None:
    """The first stream of each text is spoiled, its repetition is not: that was the load."""
    seen: set[str] = set()

    def once(answer: Answer, request: Request) -> Answer:
        asked = json.dumps(request, sort_keys=True)
        if asked in seen or not request.get("stream") or not answer.calls:
            return answer
        seen.add(asked)
        return replace(answer, calls=())

    found = fuzz(ReadingParrot(once), tmp_path)
    assert found.failure == ""
    assert names(found) == set()
    assert "depends on load: expected-calls/no-answer came 1 of 2 times" in {
        entry.note for entry in found.judged
    }


def test_the_same_seed_asks_the_same(tmp_path: Path) -> None:
    def asked(folder: str) -> list[str]:
        fuzz(ReadingParrot(), tmp_path / folder)
        lines = (tmp_path / folder / "exchanges.jsonl").read_text().split("\n")[:-1]
        return sorted(json.dumps(json.loads(line)["key"]) for line in lines)

    assert asked("a") == asked("b")


def test_whole_answers_are_asked_for_once_for_both_modes(tmp_path: Path) -> None:
    parrot = ReadingParrot()
    with bench(parrot, tmp_path) as made:
        made.generated_suite.run("stream")
        before = parrot.asked
        made.generated_suite.run("whole")
    assert parrot.asked - before <= TEXTS, "the echo alone is new"


@pytest.mark.parametrize("alive", [0, 10])
def test_a_dead_server_stops_at_once(alive: int, tmp_path: Path) -> None:
    parrot = ReadingParrot()
    parrot.spoil = dying_after(parrot, alive, drops_last_brace)
    with pytest.raises(InfrastructureError, match="does not answer any more"):
        fuzz(parrot, tmp_path)
    assert parrot.asked <= 3 * alive + 20


def test_a_server_that_dies_while_a_text_is_made_smaller_stops_at_once(tmp_path: Path) -> None:
    parrot = ReadingParrot()
    with bench(parrot, tmp_path) as made:
        made.generated_suite.run("stream")
        surveyed = parrot.asked
    parrot = ReadingParrot()
    parrot.spoil = dying_after(parrot, surveyed, drops_last_brace)
    with pytest.raises(InfrastructureError, match="does not answer any more"):
        fuzz(parrot, tmp_path / "b")
    assert parrot.asked <= surveyed + 40


def dying_after(
    parrot: ReadingParrot, requests: int, spoil: Callable[[Answer, Request], Answer]
) -> Callable[[Answer, Request], Answer]:
    def dying(answer: Answer, request: Request) -> Answer:
        parrot.dead = parrot.asked > requests
        return spoil(answer, request)

    return dying


def test_the_search_ends_when_it_has_taken_long_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.harness.suites.generated.suite.MOST_TRIALS", 3)
    found = fuzz(ReadingParrot(drops_last_brace), tmp_path)
    assert "smallest   of 3 texts" in found.failure
    assert names(found) == {("arguments-json/cut-short", None)}


def test_a_deployment_without_a_split_to_offer_has_an_obstacle(tmp_path: Path) -> None:
    with bench(ReadingParrot(), tmp_path) as made:
        assert made.generated_suite.skip_reason("stream") == ""
        server = made.answer_store.server
        profile = replace(server.deployment.profile, splits=())
        made.generated_suite._suite.server = replace(
            server, deployment=replace(server.deployment, profile=profile)
        )
        assert "does not offer the split char" in made.generated_suite.skip_reason("stream")
