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
from tests.harness.report.sheet import Sheet
from tests.harness.report.tables import gaps, known_table, measured_table, short_names

_HERE = Path(__file__).parent
_STYLES = ("page.css", "matrix.css", "panel.css")
_SCRIPTS = ("tools.js", "matrix.js", "differences.js", "timeline.js", "panel.js", "start.js")
MOST_RECORDINGS = 6000
"""Judged answers up to which every recording is in the page; of more, right ones only here and there."""
FEW = 2
"""Right answers an item whose recordings are in a page of more."""


def render(sheets: Sequence[Sheet], made: str) -> str:
    """The whole file. `made`: when."""
    judged = sum(len(outcome.cells) for sheet in sheets for outcome in sheet.run.outcomes)
    passing = None if judged <= MOST_RECORDINGS else FEW
    waits = [Waits() for _ in sheets]
    looking = [
        replace(sheet, look=counted(sheet.look, wait)) for sheet, wait in zip(sheets, waits, strict=True)
    ]
    details = Details(looking, [rows_of(sheet.comparison) for sheet in sheets], passing)
    asked = asked_cases(sheets)
    packed = [_packed(details.of(name, asked.get(name))) for name in case_ids(sheets)]
    short = short_names(sheets)
    script = "\n".join((_HERE / name).read_text("utf-8") for name in _SCRIPTS)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            sheets=sheets,
            judged=[sheet for sheet in sheets if sheet.word],
            judging=[(place, sheet) for place, sheet in enumerate(sheets) if sheet.word],
            most=MOST_RECORDINGS,
            columns=list(zip(sheets, short, strict=True)),
            title=_title(sheets),
            made=made,
            known=known_table(sheets),
            gaps=gaps(sheets),
            measured=measured_table(sheets),
            charts=charts(names_of(sheets, short), waits),
            waited=sum(entry.answers for entry in waits),
            passing=passing,
            style=Markup("\n".join((_HERE / name).read_text("utf-8") for name in _STYLES)),  # noqa: S704  our own files
            script=Markup(script),  # noqa: S704
            script_hash=_hash_of(script),
            overview=Markup(_embedded(overview(sheets))),  # noqa: S704  escaped there
            details=packed,
        )
    )


def _title(sheets: Sequence[Sheet]) -> str:
    words = [f"{sheet.word} {sheet.run.header.target}" for sheet in sheets if sheet.word]
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
    """For the policy that lets this one script run, and nothing that slipped into the page."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _embedded(data: Any) -> str:
    """JSON that ends no script element, whatever it says."""
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
