"""Writes `run.jsonl`: a header first, an outcome as soon as it is known, a footer last.

Whoever launched the deployment writes the header, before anything is asked; the controller alone writes what follows.
"""

import json
from dataclasses import asdict
from io import FileIO
from pathlib import Path
from typing import Any

from tests.harness.core.atomic_append import write_whole
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.outcome import Outcome
from tests.harness.core.records.run import RUN_FILE, Footer, Header


def begin_run(folder: Path, header: Header) -> None:
    """Make the run file with its header. Raises InfrastructureError, also if there is one already."""
    _append(folder / RUN_FILE, "header", asdict(header), "x")


def add_outcome(folder: Path, outcome: Outcome) -> None:
    """Add a line; a later one about the same item stands for it. Raises InfrastructureError (the disk is full)."""
    _append(folder / RUN_FILE, "outcome", asdict(outcome), "a")


def end_run(folder: Path, footer: Footer) -> None:
    """Add the last line: the run is complete. Raises InfrastructureError (the disk is full)."""
    _append(folder / RUN_FILE, "footer", asdict(footer), "a")


def _append(path: Path, kind: str, record: dict[str, Any], how: str) -> None:
    line = json.dumps({"type": kind, **record}, ensure_ascii=False, separators=(",", ":"))
    data = line.encode("utf-8", "backslashreplace") + b"\n"
    try:
        with FileIO(path, how) as file:
            write_whole(file, data)
    except FileExistsError:
        raise InfrastructureError(
            f"{path} is there already: another session began in the same second"
        ) from None
    except OSError as error:
        raise InfrastructureError(
            f"{path} cannot be written ({error.strerror}): what it holds can be read, but the run is incomplete"
        ) from error
