"""The header of a run: which suite asked what of which server, on which machine."""

import hashlib
import json
import re
import subprocess
import tomllib
from collections.abc import Sequence
from dataclasses import is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.harness.cases.in_dialect import CasesInDialect
from tests.harness.core.records.bad_request import BadRequest
from tests.harness.core.records.case import Case
from tests.harness.core.records.risk import Risk
from tests.harness.core.records.run import SCHEMA, Header
from tests.harness.core.records.target import Target
from tests.harness.core.redaction import masked
from tests.harness.judging.ledger.versions import release_of
from tests.harness.servers.host import host_facts
from tests.harness.servers.launch import Server
from tests.harness.servers.registry import is_managed, provider_of
from tests.harness.session.resolved_target import ResolvedTarget

_ROOT = Path(__file__).parents[3]
_NOT_ASKED = ("why", "source", "upstream", "depth", "topic")
"""What a case says about itself, and not to the server."""
_HASH_DIGITS = 16


def now() -> str:
    """Return the time: UTC, ISO 8601, in seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def header_before_launch(
    resolved: ResolvedTarget,
    depth: str,
    said: CasesInDialect,
    bad: Sequence[BadRequest],
    allow: Sequence[Risk] = (),
) -> Header:
    """Return what a run's first line says before a server is there."""
    target, profile = resolved.target, resolved.profile
    return Header(
        schema=SCHEMA,
        started=now(),
        label=resolved.label,
        target=masked(target.text),
        profile=profile.id,
        depth=depth,
        suite_version=suite_version(),
        suite_commit=suite_commit(),
        cases=hash_of((*said.cases, *bad)),
        vllm_version="",
        model=profile.model,
        revision=profile.revision or "",
        origin="",
        command="",
        host=host_facts(),
        provider=target.provider,
        managed=is_managed(target),
        scripted=provider_of(target).is_scripted(target),
        parser=profile.parser,
        dialect=profile.dialect,
        other_dialects=len(said.not_applicable),
        allow=tuple(allow),
    )


def header_of_server(header: Header, server: Server, assumed_version: str) -> Header:
    """Return the header once the server is there."""
    deployment = server.deployment
    patched = _is_patched(deployment.target, deployment.vllm_version)
    return replace(
        header,
        vllm_version=deployment.vllm_version,
        model=deployment.model,
        origin=masked(server.handle.origin),
        command=masked(deployment.command),
        assumed_version=assumed_version,
        patched=patched,
        scripted=deployment.scripted,
        found=deployment.found,
        first_failure=masked(server.first_failure),
        not_judged=server.not_judged,
    )


def header_of_replay(header: Header, recorded: Header, assumed_version: str) -> Header:
    """Return the header of a replay: today's suite and cases, and the server that was recorded."""
    return replace(
        recorded,
        started=header.started,
        label=header.label,
        target=header.target,
        profile=header.profile,
        depth=header.depth,
        suite_version=header.suite_version,
        suite_commit=header.suite_commit,
        cases=header.cases,
        provider=header.provider,
        managed=False,
        assumed_version=assumed_version,
    )


def hash_of(cases: Sequence[Case | BadRequest]) -> str:
    """Return the hash of ids, texts and what is right, whatever the order of the files."""
    asked = sorted(
        json.dumps(
            {name: value for name, value in vars(case).items() if name not in _NOT_ASKED},
            sort_keys=True,
            default=_plain,
        )
        for case in cases
    )
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:_HASH_DIGITS]


def _plain(value: object) -> object:
    """Return, in JSON's types, what a case or a bad request holds beside JSON's own types."""
    if is_dataclass(value):
        return vars(value)
    if isinstance(value, bytes):
        return value.hex()
    return sorted(value) if isinstance(value, frozenset) else str(value)


@cache
def suite_version() -> str:
    """Return the version that `pyproject.toml` has."""
    return str(tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


@cache
def suite_commit() -> str:
    """Return the commit, with `+` behind it if files differ from it; empty where git does not know."""
    try:
        commit = _git("rev-parse", "--short=12", "HEAD")
        return commit + "+" if commit and _git("status", "--porcelain") else commit
    except OSError:
        return ""  # no git: an archive of the suite is as good


def _git(*words: str) -> str:
    finished = subprocess.run(["git", *words], cwd=_ROOT, capture_output=True, text=True, check=False)
    return finished.stdout.strip() if finished.returncode == 0 else ""


def _is_patched(target: Target, version: str) -> bool:
    """Return whether it is a parser or file of the user's own, a checkout, or a build between releases."""
    own_parser = any(
        word.startswith("--tool-parser-plugin") or re.search(r"(^|=)@", word) for word in target.args
    )
    may_be_patched = provider_of(target).may_be_patched(target)
    return own_parser or may_be_patched or release_of(version) is None
