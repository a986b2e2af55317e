"""Whole sessions of bad requests: against servers that take them badly, that die of them, and that are not ours."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.harness.cases.bad_requests import load_bad_requests
from tests.harness.runfolder.exchange_file import load
from tests.selftest.jobs import Job, job
from tests.selftest.scripted import Received, ScriptedServer, Step, head, whole
from tests.selftest.standin import standin_python

Answer = Callable[[Received], Iterable[Step]]
ANSWER = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Noon."}, "finish_reason": "stop"}]
}
REFUSED = {"error": {"message": "max_tokens must be greater than 0", "type": "BadRequestError"}}
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


def asked(server: str, folder: Path, **env: str) -> Job:
    return job(folder, "--target", server, "-k", f"test_bad_request and {ASKED}", **env)


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


def test_a_model_s_name_that_is_a_path_shows_nothing_of_the_server(tmp_path: Path) -> None:
    name = "/home/me/models/xlam"
    refused = {
        "error": {"message": f"max_tokens must be greater than 0 for {name}.", "type": "BadRequestError"}
    }

    def answer(request: Received) -> Iterable[Step]:
        if request.method == "GET":
            return [whole({"data": [{"id": name}], "version": "0.32.0"})]
        return [whole(refused, "400 Bad Request") if is_bad(request) else whole({**ANSWER, "model": name})]

    with ScriptedServer(answer) as server:
        ended = asked(server.url, tmp_path)
    assert ended.status == 0, ended.said


KEY = "sk-a-key-that-nobody-may-see"


def told_back(request: Received) -> bytes:
    """Says the key in the body, in headers that are kept, and in headers that are private."""
    said = request.headers["authorization"]
    private = f"set-cookie: key={KEY}\r\nx-seen: {said}\r\n".encode()
    first, rest = whole({"oops": said}, "400 Bad Request").split(b"\r\n", 1)
    return first + b"\r\n" + private + rest


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: [told_back(request)] if is_bad(request) else good(request),
        after_it(lambda request: good(request) if request.method == "GET" else [told_back(request)]),
        lambda request: [head(), KEY.encode()] if is_bad(request) else good(request),
        lambda request: (
            [f"HTTP/1.1 400 x\r\n{request.headers['authorization']}\r\n\r\n".encode()]
            if is_bad(request)
            else good(request)
        ),
    ],
    ids=["refusal", "good-request-after-it", "no-refusal", "broken"],
)
def test_a_key_that_is_told_back_is_in_no_file(answer: Answer, tmp_path: Path) -> None:
    with ScriptedServer(answer) as server:
        ended = asked(server.url, tmp_path, XLAM_GATE_API_KEY=KEY)
        assert all(sent.headers["authorization"] == f"Bearer {KEY}" for sent in server.received if sent.body)
    assert ended.status == 1, ended.said
    assert "*" * len(KEY) in ended.said
    assert KEY not in ended.said
    (folder,) = ended.runs
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {"run.jsonl", "exchanges.jsonl", "report.html", "junit.xml"} <= {path.name for path in files}
    assert not [path for path in files if KEY.encode() in path.read_bytes()]
    (exchange,) = load(folder / "exchanges.jsonl")
    assert KEY.encode() not in exchange.body
    assert "set-cookie" not in {name for name, _ in exchange.headers}


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


GOOD_AGAIN = "4"
"""Of a server's questions, behind the one at attach time, the good request and the bad one."""


def test_a_death_behind_a_healthy_answer_is_one_too(tmp_path: Path) -> None:
    python = standin_python(tmp_path, dies_after=GOOD_AGAIN)
    ended = job(
        tmp_path / "runs", "--target", f"process:{python}", "-k", "test_bad_request and choice-with-a-line"
    )
    assert ended.status == 1, ended.said
    found = {found.finding.name for outcome in ended.run().outcomes for found in outcome.findings}
    assert found == {"survival/dead"}
    ended = asked(f"process:{python}", tmp_path / "runs")
    assert ended.status == 10, ended.said
    assert f"after the bad request {ASKED} (Fewer tokens than none.): the server died" in ended.said


def test_a_death_that_begins_with_a_500_for_the_good_request_is_one_too(tmp_path: Path) -> None:
    python = standin_python(tmp_path, dies_after=GOOD_AGAIN, last_words="EngineCore died")
    ended = job(
        tmp_path / "runs", "--target", f"process:{python}", "-k", "test_bad_request and choice-with-a"
    )
    assert ended.status == 1, ended.said
    assert ended.said.count("it is launched once more") == 1
    found = [found.finding.name for outcome in ended.run().outcomes for found in outcome.findings]
    assert found == ["survival/dead"]
    assert {outcome.result for outcome in ended.run().outcomes} == {"failed", "passed"}


def gone_after(word: bytes, version: str = "0.32.0") -> Answer:
    """A server that answers nothing any more once a request has held the word."""
    gone = False

    def answer(request: Received) -> Iterable[Step]:
        nonlocal gone
        gone = gone or word in request.body
        if not gone and request.method == "GET":
            return [whole({"data": [{"id": "m"}], "version": version})]
        return [b""] if gone else good(request)

    return answer


LINE_BREAK = "choice-with-a-line-break"


def asked_all(answer: Answer, folder: Path, name: str) -> Job:
    """A borrowed server that gets a request, and some more that may kill."""
    with ScriptedServer(answer) as server:
        words = ("-k", f"test_bad_request and ({name} or choice-with-a) or mutated", "--allow", "crash,load")
        return job(folder, "--target", server.url, *words)


def test_a_borrowed_server_that_dies_of_what_may_kill_is_a_no_go(tmp_path: Path) -> None:
    ended = asked_all(gone_after(rb"one\ntwo"), tmp_path, LINE_BREAK)
    assert ended.status == 1, ended.said
    assert f"blocks  {LINE_BREAK} [whole]   survival/dead" in ended.said
    assert "does not answer any more, not even at /health" in ended.said
    why = f"the server died of {LINE_BREAK} before, and is not ours to launch again"
    assert f"n/a     2 items   {why}" in ended.said
    outcomes = ended.run().outcomes
    (dead,) = [outcome for outcome in outcomes if outcome.result == "failed"]
    assert (dead.case, [found.finding.symptom for found in dead.findings]) == (LINE_BREAK, ["dead"])
    after = outcomes[outcomes.index(dead) + 1 :]
    assert "test_mutated_requests" in {outcome.case for outcome in after}
    assert {(outcome.result, outcome.note) for outcome in after} == {("not-applicable", why)}


def test_a_borrowed_server_that_dies_of_a_known_defect_is_no_verdict(tmp_path: Path) -> None:
    """There would be a GO for what was never asked."""
    ended = asked_all(gone_after(rb"one\ntwo", version="0.24.0"), tmp_path, LINE_BREAK)
    assert ended.status == 10, ended.said
    results = {outcome.result for outcome in ended.run().outcomes if outcome.case == LINE_BREAK}
    assert results == {"known"}


def test_a_borrowed_server_that_dies_of_what_should_not_kill_is_no_verdict(tmp_path: Path) -> None:
    """A death that no request had leave to cause is nobody's finding."""
    ended = asked_all(gone_after(b'"max_tokens": -1'), tmp_path, ASKED)
    assert ended.status == 10, ended.said
    assert "does not answer any more, not even at /health" in ended.said
    assert not [found for outcome in ended.run().outcomes for found in outcome.findings]


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


@pytest.mark.parametrize("times", [1, 1_000_000])
def test_a_drawn_request_whose_500_does_not_come_again_is_a_finding_that_says_so(
    times: int, tmp_path: Path
) -> None:
    left = times

    def answer(request: Received) -> Iterable[Step]:
        nonlocal left
        if b'"max_tokens": 4' not in request.body or left == 0:
            return good(request)
        left -= 1
        return [whole(REFUSED, "500 Internal Server Error")]

    with ScriptedServer(answer) as server:
        words = ("-k", "test_mutated_requests", "--allow", "crash")
        ended = job(tmp_path, "--target", server.url, *words)
    assert ended.status == 1, ended.said
    assert "blocks  test_mutated_requests [whole]   bad-request/server-error" in ended.said
    assert ("It came once of two times" in ended.said) is (times == 1)
    (outcome,) = ended.run().outcomes
    assert outcome.answers[0].exchange.startswith("test_mutated_requests/bad|")
