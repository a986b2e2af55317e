"""The command line: every option, its environment variable, and what it means."""

import os
from dataclasses import dataclass
from typing import get_args

import pytest

from tests.harness.core.records.case import DEPTHS, Depth
from tests.harness.core.records.errors import UsageProblem
from tests.harness.core.records.known_issue import Blocking
from tests.harness.core.records.risk import Risk, as_risk
from tests.harness.core.records.target import Target
from tests.harness.judging.ledger.versions import release_of
from tests.harness.servers import auto
from tests.harness.servers.environment import OFFICIAL
from tests.harness.servers.target_strings import parse_target

DEFAULT_CONCURRENCY = 16
"""Measured on 2 cores: more brings little, and merges more deltas."""
_PREFIX = "XLAM_GATE_"
_YES, _NO = ("1", "true", "yes"), ("", "0", "false", "no")
"""What the variable of a switch may say."""
_LISTS: dict[str, str] = {
    "target": "where the server comes from: auto, wheel:VERSION, container:IMAGE, process:VERSION, process:PYTHON, "
    "http://HOST:PORT, replay:RUN; options in brackets [profile=ID, arg=--flag=value, env=NAME=VALUE, gpu=none, "
    "model=NAME-OR-FOLDER, parser=NAME], without the spaces; may be given several times",
    "accept-known": "let a known issue through that the baseline did not show, by its id in the ledger; "
    "may be given several times",
    "allow": "send a borrowed server what may load it or crash it: load, crash, or load,crash; with load it also gets "
    "as many requests at a time as --concurrency says",
    "block": "let known issues of this harm block too: outage, wrong-call, lost-text or cosmetic; changed: against a "
    "baseline, any other result for the same text in the same deltas; may be given several times",
}
_VALUES: dict[str, str] = {
    "fuzz-examples": "texts that are generated and forced in each mode (default 30); 0: none",
    "fuzz-seed": "seed of the generated texts: the same seed makes the same texts (default 0)",
    "baseline": "compare with this: a target, the folder of an earlier run, or a file of tests/baselines; "
    "with a path outside the repository write --baseline=PATH",
    "parser": "tool-call parser of the borrowed servers, e.g. xlam or hermes, where a target does not say it; "
    "a running server does not",
    "runs": "folder that takes the run folders (default: runs); outside the repository write --runs=PATH",
    "launch-timeout": "seconds that a server gets from its start until it is ready (default 600)",
    "answer-timeout": "seconds that an answer may take (default 300); three times as much waited in vain, all answers "
    "together, ends the run without a verdict",
    "concurrency": f"requests at a time to a server of ours (default {DEFAULT_CONCURRENCY}); to a borrowed one, one",
    "depth": "default, full or soak: how much is forced (default: default)",
    "soak-minutes": "minutes of mixed load at --depth soak (default 20)",
    "assume-version": "release whose known defects are expected of a nightly or a checkout, e.g. 0.33.0",
}
_COMMANDS = {
    "bisect": "walk the releases of a span, wheel:A..wheel:B, and name the first that shows other findings than A; "
    "use it with -k",
}
_REPORTS = {
    "report": "make the reports of this run folder again and stop, without a server; several are laid side by side, "
    "and --baseline names a saved run or file to compare them with; may be given several times",
    "report-file": "where --report writes its page (default: report.html in the last folder)",
}
_SWITCHES: dict[str, str] = {
    "accept": "write what came out to tests/baselines/LABEL.toml, to be a baseline later",
    "keep": "leave the server up at the end and say how to stop it; the next run with the same target reuses it",
    "cache-info": "show what the cache holds, and stop",
    "cache-wipe": "remove what the cache holds, and stop",
    "gpu-standin": "self-tests: drive the GPU path against a second Docker daemon with a stand-in hook (needs root)",
}


@dataclass(frozen=True)
class Options:
    """What the user asked for."""

    targets: tuple[Target, ...]
    block: tuple[Blocking, ...]
    launch_timeout_s: float
    answer_timeout_s: float
    assume_version: str | None
    keep: bool
    depth: Depth
    concurrency: int
    fuzz_examples: int
    fuzz_seed: int
    soak_minutes: float = 20.0
    depth_given: bool = False
    """False: nobody asked for a depth; a replay then takes its recording's."""
    baseline: str | None = None
    accept_known: tuple[str, ...] = ()
    accept: bool = False
    allow: tuple[Risk, ...] = ()
    """What a borrowed server may be sent."""
    runs: str = "runs"
    parser: str | None = None
    """Of borrowed servers whose target does not say it."""
    parser_given: bool = False
    """By the option, for this session; a variable may stand for many."""


def add_options(parser: pytest.Parser) -> None:
    """Register every option; help texts name the environment variable."""
    group = parser.getgroup(
        "xlam-gate", "xlam-gate: vLLM's xlam tool-call parser, and others, on a live server"
    )
    for name, text in _LISTS.items():
        group.addoption(f"--{name}", action="append", metavar=name.upper(), help=_help(name, text))
    for name, text in _VALUES.items():
        group.addoption(f"--{name}", metavar=name.rpartition("-")[2].upper(), help=_help(name, text))
    for name, text in _COMMANDS.items():
        group.addoption(f"--{name}", metavar="SPAN", help=text)
    group.addoption("--report", action="append", metavar="DIR", help=_REPORTS["report"])
    group.addoption("--report-file", metavar="FILE", help=_REPORTS["report-file"])
    for name, text in _SWITCHES.items():
        group.addoption(f"--{name}", action="store_true", help=_help(name, text))
    group.addoption(
        "--gpu-standin-image", metavar="IMAGE", help="self-tests: a vLLM image to serve behind the stand-in"
    )


def read_options(config: pytest.Config) -> Options:
    """Return the options of this run. Raises UsageProblem; starts nothing."""
    texts = _given(config, "target") or [auto.NAME]
    targets = tuple(parse_target(text) for text in texts)
    for target in targets:
        if targets.count(target) > 1:
            raise UsageProblem(f"--target {target.text!r} is given twice")
    return Options(
        targets=targets,
        allow=_allowed(config),
        block=tuple(_blocking(word, config) for word in _given(config, "block")),
        launch_timeout_s=_number("launch-timeout", config, 600),
        answer_timeout_s=_number("answer-timeout", config, 300),
        fuzz_examples=int(_number("fuzz-examples", config, 30, least=0)),
        fuzz_seed=int(_number("fuzz-seed", config, 0, least=0)),
        soak_minutes=_number("soak-minutes", config, 20, least=0),
        assume_version=_assumed_version(config),
        keep=is_switched_on(config, "keep"),
        depth_given=bool(_one(config, "depth")),
        baseline=_one(config, "baseline"),
        accept_known=tuple(_given(config, "accept-known")),
        accept=is_switched_on(config, "accept"),
        runs=_one(config, "runs") or "runs",
        parser=_one(config, "parser"),
        parser_given=bool(config.getoption("--parser")),
        depth=_depth(config),
        concurrency=int(_number("concurrency", config, DEFAULT_CONCURRENCY)),
    )


def is_switched_on(config: pytest.Config, name: str) -> bool:
    """Return whether a switch is given, or its variable says yes. Raises UsageProblem for a word that says neither."""
    word = (_from_environment(name) or "").strip().lower()
    if word not in (*_YES, *_NO):
        raise UsageProblem(f"${_variable(name)} {word!r}: wanted is one of {', '.join((*_YES, *_NO[1:]))}")
    return bool(config.getoption(f"--{name}")) or word in _YES


def _help(name: str, text: str) -> str:
    return f"{text} [${_variable(name)}]".replace("%", "%%")


def _variable(name: str) -> str:
    return _PREFIX + name.upper().replace("-", "_")


def _from_environment(name: str) -> str | None:
    return os.environ.get(_variable(name)) or None


def _source(name: str, config: pytest.Config) -> str:
    """Return where a value comes from, as its user knows it: the option, or the variable that stands for it."""
    return f"--{name}" if config.getoption(f"--{name}") else f"${_variable(name)}"


def _one(config: pytest.Config, name: str) -> str | None:
    return config.getoption(f"--{name}") or _from_environment(name)


def _given(config: pytest.Config, name: str) -> list[str]:
    """Return all values of a list option: the command line's, else the variable's, one a line."""
    asked: list[str] = config.getoption(f"--{name}") or (_from_environment(name) or "").split("\n")
    return [text for text in asked if text]


def _blocking(word: str, config: pytest.Config) -> Blocking:
    known: tuple[Blocking, ...] = get_args(Blocking)
    for entry in known:
        if word == entry:
            return entry
    raise UsageProblem(f"{_source('block', config)} {word!r}: no such harm; known are {', '.join(known)}")


def _allowed(config: pytest.Config) -> tuple[Risk, ...]:
    words = [word.strip() for text in _given(config, "allow") for word in text.split(",") if word.strip()]
    try:
        return tuple(map(as_risk, words))
    except UsageProblem as problem:
        raise UsageProblem(f"{_source('allow', config)} {problem}") from None


def _assumed_version(config: pytest.Config) -> str | None:
    version = _one(config, "assume-version")
    if version and release_of(version) is None:
        raise UsageProblem(
            f"{_source('assume-version', config)} {version!r}: the ledger is of releases; wanted is one,"
            f" e.g. {OFFICIAL.newest_locked()}"
        )
    return version


def _depth(config: pytest.Config) -> Depth:
    word = _one(config, "depth") or DEPTHS[0]
    for depth in DEPTHS:
        if word == depth:
            return depth
    raise UsageProblem(f"{_source('depth', config)} {word!r}: no such depth; known are {', '.join(DEPTHS)}")


def _number(name: str, config: pytest.Config, default: float, least: float = 1) -> float:
    text = config.getoption(f"--{name}") or _from_environment(name)
    try:
        value = float(text) if text else default
    except ValueError:
        value = -1.0
    if not least <= value < float("inf"):
        raise UsageProblem(f"{_source(name, config)} {text!r}: a number of at least {least:.0f} is wanted")
    return value
