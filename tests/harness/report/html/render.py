"""The page: what is read first is in its text, the matrix in its data, and each case's details packed until opened."""

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tests.harness.report.answers import rows_of
from tests.harness.report.html.detail import Details
from tests.harness.report.html.overview import asked_cases, case_ids, overview
from tests.harness.report.html.times import Waits, charts, counted, names_of
from tests.harness.report.run_report import RunReport
from tests.harness.report.tables import gaps, known_table, measured_table, short_names

_HERE = Path(__file__).parent
_STYLES = ("page.css", "matrix.css", "panel.css")
_SCRIPTS = ("tools.js", "matrix.js", "differences.js", "timeline.js", "panel.js", "start.js")
MOST_RECORDINGS = 6000
"""Judged answers up to which every recording is in the page; of more, right ones only here and there."""
FEW = 2
"""Right answers an item whose recordings are in a page of more."""


def render(run_reports: Sequence[RunReport], made_at: str) -> str:
    """Return the whole file. `made_at`: when."""
    judged = sum(len(outcome.answers) for run_report in run_reports for outcome in run_report.run.outcomes)
    passing = None if judged <= MOST_RECORDINGS else FEW
    waits = [Waits() for _ in run_reports]
    looking = [
        replace(run_report, recorded=counted(run_report.recorded, wait))
        for run_report, wait in zip(run_reports, waits, strict=True)
    ]
    details = Details(looking, [rows_of(run_report.comparison) for run_report in run_reports], passing)
    asked = asked_cases(run_reports)
    packed = [_packed(details.of(name, asked.get(name))) for name in case_ids(run_reports)]
    short = short_names(run_reports)
    script = "\n".join((_HERE / name).read_text("utf-8") for name in _SCRIPTS)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            reports=run_reports,
            judged=[run_report for run_report in run_reports if run_report.word],
            judging=[(place, run_report) for place, run_report in enumerate(run_reports) if run_report.word],
            most=MOST_RECORDINGS,
            columns=list(zip(run_reports, short, strict=True)),
            title=_title(run_reports),
            made_at=made_at,
            known=known_table(run_reports),
            gaps=gaps(run_reports),
            measured=measured_table(run_reports),
            charts=charts(names_of(run_reports, short), waits),
            waited=sum(entry.answers for entry in waits),
            passing=passing,
            style=Markup("\n".join((_HERE / name).read_text("utf-8") for name in _STYLES)),  # noqa: S704  our own files
            script=Markup(script),  # noqa: S704
            script_hash=_hash_of(script),
            overview=Markup(_embedded(overview(run_reports))),  # noqa: S704  escaped there
            details=packed,
        )
    )


def _title(run_reports: Sequence[RunReport]) -> str:
    words = [
        f"{run_report.shown_word} {run_report.run.header.target}"
        for run_report in run_reports
        if run_report.word
    ]
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")  # noqa: PLR2004


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["linked"] = lambda text: text.startswith("https://")
    return environment


def _hash_of(script: str) -> str:
    """Return a script's hash, for the policy that lets this one run, and nothing that slipped into the page."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _embedded(data: Any) -> str:
    """Return JSON that ends no script element, whatever it says."""
    return (
        json.dumps(data, separators=(",", ":"))
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
    )


def _packed(data: Any) -> str:
    return base64.b64encode(
        gzip.compress(json.dumps(data, separators=(",", ":")).encode(), 6, mtime=0)
    ).decode()
