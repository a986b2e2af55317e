"""The same text by script and by grammar comes out the same: what borrowed servers are asked by tells the truth."""

from pathlib import Path

import pytest

from tests.harness.cases.forcing import BY_SCRIPT, Forcing, by_grammar
from tests.harness.cases.load import load_cases
from tests.harness.core.http.limits import Limits
from tests.harness.core.records.case import MODES, Case, Mode
from tests.harness.core.records.split import CHAR
from tests.harness.recording.assemble import read_reply
from tests.harness.recording.character_tokens import CharacterTokens
from tests.harness.recording.recorder import Recorder
from tests.harness.recording.result_hash import result_hash
from tests.harness.servers.launch import Server

CASES = {case.id: case for case in load_cases()}
EVERY = 9
SAMPLE = [
    case.id
    for case in CASES.values()
    if case.text is not None and case.depth == "default" and not case.request_options.may_refuse
][::EVERY]


def result(engine: Server, case: Case, mode: Mode, forcing: Forcing, folder: Path) -> str:
    """What a user's program would make of the answer, cut at each character."""
    found = engine.deployment
    tokens = CharacterTokens(found.base_url, found.api_key, found.model, folder / "tokens.jsonl").of(
        case.text or ""
    )
    body = forcing.forced_body(case, CHAR, mode, found.model, tokens)
    recorder = Recorder(found.base_url, found.api_key)
    try:
        exchange = recorder.record(case.id, mode, CHAR.name, 0, body, Limits())
    finally:
        recorder.close()
    assert exchange.status == 200, exchange.body
    return result_hash(exchange, read_reply(exchange, streamed=mode == "stream"))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", SAMPLE)
def test_a_text_comes_out_the_same(engine: Server, case: str, mode: Mode, tmp_path: Path) -> None:
    scripted, forced = (
        result(engine, CASES[case], mode, forcing, tmp_path)
        for forcing in (BY_SCRIPT, by_grammar(engine.deployment.vllm_version))
    )
    assert scripted == forced
