"""Each likely cause is recognised from the real text of a real failure."""

from pathlib import Path

import pytest

from tests.harness.servers.causes import known_causes, likely_cause
from tests.harness.servers.readiness import failure_report

LOGS = Path(__file__).with_name("logs")

EXPECTED = {
    # Written by vLLM 0.32.0 on a machine without network and GPU, started with the mistake that names the file.
    "unknown-flag": "unknown-flag",
    "unknown-parser": "unknown-flag",
    "missing-model": "missing-model",
    "missing-folder": "missing-model",
    "no-network": "missing-model",
    "port-in-use": "port-in-use",
    "context-too-long": "out-of-memory",
    "memory-not-free": "out-of-memory",
    "shared-memory": "shared-memory-too-small",
    # Written by official vLLM 0.33.0 on a machine without GPU: without a platform plugin, with an engine that asks for
    # something which that release lacks, and with its other front end.
    "no-device": "no-device",
    "engine-does-not-fit": "engine-does-not-fit",
    "parser-unknown-to-front-end": "parser-unknown-to-front-end",
    # Docker's own refusal, Engine 20.10 without a GPU runtime.
    "no-gpu-runtime": "no-gpu-runtime",
    # The example in huggingface_hub's documentation of GatedRepoError.
    "gated-model": "gated-model",
}


@pytest.mark.parametrize(("name", "cause"), EXPECTED.items())
def test_recognised(name: str, cause: str) -> None:
    found = likely_cause((LOGS / f"{name}.log").read_text())
    assert found is not None
    assert found.id == cause


def test_every_log_is_used() -> None:
    assert {path.stem for path in LOGS.glob("*.log")} == set(EXPECTED)


def test_every_named_cause_has_a_real_log() -> None:
    proven = set(EXPECTED.values())
    assert {cause.id for cause in known_causes()} - proven == {"broken-install"}


def test_a_healthy_log_has_no_cause() -> None:
    assert likely_cause("INFO 11-23 01:00:00 [api_server.py:1] Application startup complete.") is None


def test_the_report_says_what_why_how_and_shows_the_log() -> None:
    report = failure_report("the server ended: exit code 1", "vllm serve x", LOGS / "port-in-use.log")
    assert report.splitlines()[0] == "the server ended: exit code 1"
    assert "likely cause: the port is taken" in report
    assert "command: vllm serve x" in report
    assert report.splitlines()[2].startswith("it said: ")
    assert "Address already in use" in report


def test_the_report_shows_the_line_that_tells() -> None:
    log = LOGS / "parser-unknown-to-front-end.log"
    report = failure_report("the server ended: exit code 1", "vllm serve x", log)
    assert "it said: tool parser `xlam` is not registered (choose from: beam," in report
