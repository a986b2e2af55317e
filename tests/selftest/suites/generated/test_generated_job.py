"""Whole sessions of generated texts: their word, what blocks, and what a user may ask for."""

import subprocess

import pytest

from tests.selftest.faulty_servers.correct import Answer, Wire
from tests.selftest.jobs import session
from tests.selftest.parrot import ReadingParrot, Request, serving
from tests.selftest.suites.generated.test_suite import loses_plain_text


def live(parrot: ReadingParrot, *words: str, profile: str = "fixture") -> subprocess.CompletedProcess[str]:
    """The live test in a pytest of its own, against a parrot."""
    with serving(parrot) as url:
        target = f"{url}[profile={profile},model=m]"
        return session(
            *("-k", "test_generated", "--target", target, "--fuzz-examples", "8", *words),
            XLAM_GATE_API_KEY="",
        )


def test_a_right_parser_is_a_go() -> None:
    job = live(ReadingParrot())
    assert job.returncode == 0, job.stdout
    assert "2 passed" in job.stdout
    assert "8 texts [stream], seed 0: 8 right" in job.stdout
    assert "GO (part) " in job.stdout


def test_a_faulty_parser_is_a_no_go_with_a_case_to_keep() -> None:
    job = live(ReadingParrot(loses_plain_text), "--fuzz-seed", "5")
    assert job.returncode == 1, job.stdout
    assert "blocks  test_generated [stream]   content/lost" in job.stdout
    assert "--fuzz-examples 8 --fuzz-seed 5 -k test_generated" in job.stdout
    assert "own_tools = " in job.stdout
    assert "Traceback" not in job.stdout


def test_a_known_defect_is_an_expected_failure() -> None:
    def sends_twice(answer: Answer, request: Request) -> Answer:
        if not answer.calls or not request.get("stream") or "logit_bias" in request:
            return answer
        return answer.with_arguments(-1, answer.calls[-1].arguments * 2)

    job = live(ReadingParrot(sends_twice), "--fuzz-examples", "60")
    assert job.returncode == 0, job.stdout
    assert "1 passed, " in job.stdout
    assert "1 xfailed" in job.stdout
    assert "known   arguments-sent-twice         1 item " in job.stdout


def test_many_texts_get_the_time_they_need() -> None:
    job = live(ReadingParrot(), "-o", "timeout=1", "--fuzz-examples", "60")
    assert job.returncode == 0, job.stdout


def test_a_server_that_says_something_else_is_no_verdict() -> None:
    class Deaf(ReadingParrot):
        def wire(self, request: Request) -> Wire | None:
            return super().wire(
                {name: value for name, value in request.items() if name != "structured_outputs"}
            )

    job = live(Deaf())
    assert job.returncode == 10, job.stdout
    assert "the text could not be forced" in job.stdout


def test_no_texts_are_no_secret() -> None:
    job = live(ReadingParrot(), "--fuzz-examples", "0")
    assert job.returncode == 10, job.stdout
    assert "n/a     2 items   --fuzz-examples 0: no texts are generated" in job.stdout


def test_where_nothing_is_promised_nothing_is_generated() -> None:
    job = live(ReadingParrot(), profile="borrowed")
    assert job.returncode == 10, job.stdout
    assert "n/a     2 items   the profile borrowed does not promise forced output" in job.stdout


@pytest.mark.parametrize("words", [["--fuzz-examples", "-1"], ["--fuzz-seed", "soon"]])
def test_wrong_numbers_are_refused(words: list[str]) -> None:
    job = live(ReadingParrot(), *words)
    assert job.returncode == 4
    assert "a number of at least 0 is wanted" in job.stderr
