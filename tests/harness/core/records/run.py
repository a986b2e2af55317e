"""One session against one deployment, as its run folder tells it."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.verdict import Reason, Word

RUN_FILE = "run.jsonl"
"""Header, outcomes and footer, one a line."""
SCHEMA = 4
"""Version of the files; a run of another one is refused."""


@dataclass(frozen=True)
class Header:
    """Written first, before anything is asked."""

    schema: int
    started: str
    """UTC, ISO 8601."""
    label: str
    target: str
    profile: str
    depth: str
    suite_version: str
    suite_commit: str
    """Empty outside a git checkout; `+` at its end: with changes that are not committed."""
    cases: str
    """Hash of the case set: ids, texts and what is right."""
    vllm_version: str
    model: str
    revision: str
    """Of the model; empty where none is pinned."""
    origin: str
    """What exactly was run: image digest, hash of the environment's lock, or the URL."""
    command: str
    """How the server was started, secrets masked; empty for a borrowed one."""
    host: dict[str, str] = field(default_factory=dict)
    """Machine: system, processor, cores, memory, GPUs."""
    assumed_version: str = ""
    """`--assume-version`: what the ledger was asked about; empty: `vllm_version`."""
    patched: bool = False
    """Not as its makers released it: the silence of a `must` entry is a fix there, and no stale entry."""
    provider: str = ""
    """What the server was got by (`process`, `container`, `http`, `replay`, ...)."""
    managed: bool = False
    """Launched by the suite, or left by an earlier run of it; False: borrowed, or a recording."""
    scripted: bool = False
    """The scripted engine spoke, and texts were forced by script; False: a model did, and grammars forced them."""
    parser: str = ""
    """vLLM's tool-call parser that the server is judged as running."""
    parser_assumed: bool = False
    """Of a run made when the parser of a borrowed server was still assumed, where nobody said which one it is."""
    dialect: str = ""
    """The way to write calls that the parser reads."""
    other_dialects: int = 0
    """Cases that this dialect has no words for, or whose text is in another one: they do not apply."""
    found: str = ""
    """What a borrowed server was found to do, and what not; empty where its profile says it."""
    allow: tuple[str, ...] = ()
    """What may harm a server and was allowed to be sent to a borrowed one."""
    first_failure: str = ""
    """What the server answered to the first question with tools, before any case, where it failed at it."""
    not_judged: tuple[str, ...] = ()
    """Addresses that the server lists and the suite does not know."""

    @property
    def ledger_version(self) -> str:
        """Return the version that the ledger is asked about."""
        return self.assumed_version or self.vllm_version

    @property
    def shown_parser(self) -> str:
        """Return the parser as people read it, with a word where it was assumed; empty where the run does not say."""
        return f"{self.parser} (assumed)" if self.parser_assumed else self.parser


@dataclass(frozen=True)
class Footer:
    """Written last; a run without one was killed."""

    ended: str
    word: Word
    reason: str
    stale: tuple[str, ...] = ()
    """Ids of stale ledger entries."""
    outcomes: int = 0
    """Lines with outcomes that stand above it, so that a lost one is noticed."""
    partial: bool = False
    """Not all items were judged."""


@dataclass(frozen=True)
class Run:
    """What the files of a run folder say, but for the exchanges: those are read when they are needed."""

    folder: Path
    header: Header
    outcomes: tuple[Outcome, ...]
    footer: Footer | None
    """None: the run is incomplete, so it is never clean."""
    partial: bool = False
    """Not all items were judged: a filter left some out, or a recording does not hold them."""
    obstacles: tuple[Reason, ...] = ()
    """Why there can be no verdict on it whatever its outcomes say; known to the session alone."""
