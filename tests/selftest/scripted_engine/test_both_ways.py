"""The same text by script and by grammar comes out the same: what borrowed servers are asked by tells the truth."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import product

import pytest

from tests.harness.cases.forcing import BY_SCRIPT, Forcing, by_grammar
from tests.harness.cases.load import load_cases
from tests.harness.core.http.limits import Limits
from tests.harness.core.records.case import MODES, Case, Mode
from tests.harness.core.records.split import CHAR
from tests.harness.options import DEFAULT_CONCURRENCY
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.character_tokens import CharacterTokens
from tests.harness.recording.recorder import Recorder
from tests.harness.recording.result_hash import result_hash
from tests.harness.servers.launch import Server
from tests.harness.suites.clients.recording_client import ADDRESSES

Answers = Mapping[tuple[str, Mode], tuple[Future[str], Future[str]]]
CASES = {case.id: case for case in load_cases()}
EVERY = 8
SAMPLE = [
    case.id
    for case in CASES.values()
    if case.text is not None
    and case.depth == "default"
    and not case.request_options.may_refuse
    and case.topic not in ADDRESSES  # the chat address has no such words
][::EVERY]


class Asking:
    """Asks a server; threads may do so side by side."""

    def __init__(self, engine: Server) -> None:
        found = self._found = engine.deployment
        self._recorder = Recorder(found.base_url, found.api_key)
        self._tokens = CharacterTokens(found.base_url, found.api_key, found.model)
        self._tokens.learn(CASES[case].text or "" for case in SAMPLE)

    def result(self, case: Case, mode: Mode, forcing: Forcing) -> str:
        """What a user's program would make of the answer, cut at each character."""
        body = forcing.forced_body(case, CHAR, mode, self._found.model, self._tokens.of(case.text or ""))
        exchange = self._recorder.record(case.id, mode, CHAR.name, 0, body, Limits())
        assert exchange.status == 200, exchange.body
        return result_hash(exchange, read_reply(exchange, streamed=mode == "stream"))

    def close(self) -> None:
        self._recorder.close()


@pytest.fixture(scope="module")
def answers(engine: Server) -> Iterator[Answers]:
    """By script and by grammar; all are asked for before the first is looked at, as in the suite itself."""
    asking, grammar = Asking(engine), by_grammar(engine.deployment.vllm_version)
    with ThreadPoolExecutor(DEFAULT_CONCURRENCY) as pool:
        yield {
            (case, mode): (
                pool.submit(asking.result, CASES[case], mode, BY_SCRIPT),
                pool.submit(asking.result, CASES[case], mode, grammar),
            )
            for case, mode in product(SAMPLE, MODES)
        }
    asking.close()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", SAMPLE)
def test_a_text_comes_out_the_same(answers: Answers, case: str, mode: Mode) -> None:
    scripted, forced = (answer.result() for answer in answers[case, mode])
    assert scripted == forced
