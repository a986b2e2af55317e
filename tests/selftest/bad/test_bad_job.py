"""Whole sessions of bad requests: against servers that take them badly, that die of them, and that are not ours."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.harness.bad.load import load_bad_requests
from tests.selftest.jobs import Job, job
from tests.selftest.scripted import Received, ScriptedServer, Step, whole
from tests.selftest.standin import standin_python

Answer = Callable[[Received], Iterable[Step]]
ANSWER = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Noon."}, "finish_reason": "stop"}]
}
REFUSED = {"error": {"message": "max_tokens must be greater than 0"}}
ASKED = "max-tokens-negative"


def is_bad(request: Received) -> bool:
    return request.method == "POST" and b'"max_tokens": -1' in request.body


def good(request: Received) -> Iterable[Step]:
    if request.method == "GET":
        return [whole({"data": [{"id": "m"}], "version": "0.32.0"})]
    return [whole(REFUSED, "400 Bad Request") if is_bad(request) else whole(ANSWER)]


def taking_it(reaction: bytes) -> Answer:
    return lambda request: [reaction] if is_bad(request) else good(request)


def after_it(answer: Answer) -> Answer:
    """A good refusal, and `answer` to all that comes after it."""
    seen = False

    def behave(request: Received) -> Iterable[Step]:
        nonlocal seen
        steps = answer(request) if seen else good(request)
        seen = seen or is_bad(request)
        return steps

    return behave


def asked(server: str, folder: Path, *words: str) -> Job:
    return job(folder, "--target", server, "-k", f"test_bad_request and {ASKED}", *words)


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (taking_it(whole(ANSWER)), "bad-request/accepted"),
        (taking_it(whole(REFUSED, "500 Internal Server Error")), "bad-request/server-error"),
        (taking_it(whole(b"<html>", "400 Bad Request", "text/html")), "bad-request/no-error-object"),
        (after_it(lambda _: [whole({}, "503 Unavailable")]), "survival/not-healthy"),
        (
            after_it(lambda request: good(request) if request.method == "GET" else [whole({}, "500 Sorry")]),
            "survival/wrong-answer",
        ),
    ],
)
def test_a_server_that_takes_it_badly_is_a_no_go(answer: Answer, finding: str, tmp_path: Path) -> None:
    with ScriptedServer(answer) as server:
        url = server.url
        ended = asked(url, tmp_path)
    assert ended.status == 1, ended.said
    assert f"blocks  {ASKED} [whole]   {finding}" in ended.said
    assert f"by hand    curl -s -X POST --path-as-is {url}/v1/chat/completions" in ended.said
    assert '"max_tokens": -1' in ended.said


def test_a_server_that_refuses_it_well_is_a_go(tmp_path: Path) -> None:
    with ScriptedServer(good) as server:
        ended = asked(server.url, tmp_path)
    assert ended.status == 0, ended.said


def test_a_borrowed_server_gets_nothing_that_may_harm_it(tmp_path: Path) -> None:
    risky = {bad.id for bad in load_bad_requests() if bad.risk != "none"} | {"test_mutated_requests"}
    with ScriptedServer(good) as server:
        ended = job(tmp_path, "--target", server.url, "-k", "test_bad_request")
        largest = max(len(request.body) for request in server.received)
    outcomes = {outcome.case: outcome for outcome in ended.run().outcomes}
    spared = {name for name, outcome in outcomes.items() if "only with --allow" in outcome.note}
    assert spared == risky
    assert largest < 10_000


def test_a_server_of_ours_that_dies_of_it_is_brought_up_again(tmp_path: Path) -> None:
    python = standin_python(tmp_path, dies_of=r"one\ntwo")
    ended = job(
        tmp_path / "runs", "--target", f"process:{python}", "-k", "test_bad_request and choice-with-a"
    )
    assert ended.status == 1, ended.said
    assert "blocks  choice-with-a-line-break [whole]   survival/dead" in ended.said
    assert "got        killed by SIGKILL (9)" in ended.said
    assert ended.said.count("it is launched once more") == 1
    results = {outcome.case: outcome.result for outcome in ended.run().outcomes}
    assert results == {"choice-with-a-line-break": "failed", "choice-with-a-quote": "passed"}


def test_a_death_of_a_request_that_should_not_kill_is_no_verdict(tmp_path: Path) -> None:
    python = standin_python(tmp_path, dies_of='"max_tokens": -1')
    ended = asked(f"process:{python}", tmp_path / "runs")
    assert ended.status == 10, ended.said
    assert f"after the bad request {ASKED} (Fewer tokens than none.): the server died" in ended.said


def test_a_death_behind_a_healthy_answer_is_one_too(tmp_path: Path) -> None:
    python = standin_python(tmp_path, dies_after="3")  # the good request, the bad one, the good one again
    ended = job(
        tmp_path / "runs", "--target", f"process:{python}", "-k", "test_bad_request and choice-with-a-line"
    )
    assert ended.status == 1, ended.said
    found = {found.finding.name for outcome in ended.run().outcomes for found in outcome.judgements}
    assert found == {"survival/dead"}
    ended = asked(f"process:{python}", tmp_path / "runs")
    assert ended.status == 10, ended.said
    assert f"after the bad request {ASKED} (Fewer tokens than none.): the server died" in ended.said


@pytest.mark.parametrize(("name", "status"), [(ASKED, 10), ("choice-with-a-line-break", 1)])
def test_a_borrowed_server_that_is_gone_is_asked_nothing_more(name: str, status: int, tmp_path: Path) -> None:
    """What may kill is a finding, for a user who allowed it; any other end is nobody's finding."""
    gone = False

    def answer(request: Received) -> Iterable[Step]:
        nonlocal gone
        gone = gone or is_bad(request) or rb"one\ntwo" in request.body
        return [b""] if gone else good(request)

    with ScriptedServer(answer) as server:
        words = ("-k", f"test_bad_request and ({name} or grammar)", "--allow", "crash,load")
        ended = job(tmp_path, "--target", server.url, *words)
    assert ended.status == status if status == 10 else ended.said.count("survival/dead") >= 1, ended.said
    assert "does not answer any more, not even at /health" in ended.said
    dead = [o.case for o in ended.run().outcomes for found in o.judgements if found.finding.symptom == "dead"]
    assert dead == ([] if status == 10 else [name])


def test_a_drawn_request_that_kills_is_a_finding_and_kills_once(tmp_path: Path) -> None:
    python = standin_python(tmp_path, dies_of='"stop":')
    ended = job(
        tmp_path / "runs",
        "--target",
        f"process:{python}",
        "-k",
        "test_mutated_requests",
        "--fuzz-examples",
        "300",
    )
    assert ended.status == 1, ended.said
    assert "blocks  test_mutated_requests [whole]   survival/dead" in ended.said
    assert "A good request with another stop: " in ended.said
    assert ended.said.count("it is launched once more") == 1
