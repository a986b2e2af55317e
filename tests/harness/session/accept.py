"""`--accept`: what a run came to becomes a baseline of `tests/baselines/`."""

from pathlib import Path

from tests.harness.core.records.run import Run
from tests.harness.core.records.verdict import Verdict
from tests.harness.gate.accepted import accepted_text

BASELINES = Path("tests") / "baselines"


def accept(run: Run, verdict: Verdict, root: Path) -> str:
    """Write a run down as a baseline, if it is whole; return the line that says where, or why not."""
    label = run.header.label
    shown = BASELINES / f"{label}.toml"
    if verdict.word == "NO VERDICT":
        return f"accept    nothing written for {label}: there is no verdict"
    if run.partial:
        return f"accept    nothing written for {label}: items were left out"
    path = root / shown
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(accepted_text(run), "utf-8")
    except OSError as error:
        return f"accept    nothing written for {label}: {shown} cannot be written ({error.strerror})"
    return f"accept    {shown}   use it with --baseline {shown}"
