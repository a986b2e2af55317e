"""The verdict as JUnit XML, for the test pages of GitHub, GitLab and Jenkins: one suite a run, one test an item.

Jenkins refuses a file with properties inside a test (its xUnit schema has them in suites alone), so what is known
stands in the messages, and the evidence in `failure` and `system-out`.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from tests.harness.core.records.comparison import Row
from tests.harness.core.records.outcome import Outcome
from tests.harness.report.causes import description_of
from tests.harness.report.run_report import RunReport

PROOFS = 50
"""Failures whose frames are shown, beside the smallest of each cause; of further ones the words alone."""
_UNFIT = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold, or that a terminal would obey."""
_FACTS = ("vllm_version", "model", "profile", "depth", "origin", "suite_version", "suite_commit")


def junit(run_reports: Sequence[RunReport]) -> str:
    """Return the file for all runs that have a verdict."""
    root = ET.Element("testsuites", name="xlam-gate")
    root.extend(_suite(run_report) for run_report in run_reports if run_report.word)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(run_report: RunReport) -> ET.Element:
    header = run_report.run.header
    tests = _tests(run_report)
    counts = {
        tag: sum(test.find(tag) is not None for test in tests) for tag in ("failure", "error", "skipped")
    }
    suite = ET.Element(
        "testsuite",
        name=_fit(header.target),
        tests=str(len(tests)),
        failures=str(counts["failure"]),
        errors=str(counts["error"]),
        skipped=str(counts["skipped"]),
        time="0",
        timestamp=header.started[:19],
        hostname="localhost",
    )
    facts = {name: str(getattr(header, name)) for name in _FACTS}
    properties = ET.SubElement(suite, "properties")
    causes = {
        f"cause {number}": f"{description_of(cause)}; smallest: {cause.item}"
        for number, cause in enumerate(run_report.causes, 1)
    }
    verdict = {"verdict": run_report.shown_word, "reason": run_report.reason, "met": run_report.met}
    for name, value in {**verdict, **causes, **facts}.items():
        ET.SubElement(properties, "property", name=name, value=_fit(value))
    suite.extend(tests)
    return suite


def _tests(run_report: RunReport) -> list[ET.Element]:
    rows = run_report.comparison.rows if run_report.comparison else ()
    by_item: dict[str, list[Row]] = {}
    for row in rows:
        by_item.setdefault(row.item, []).append(row)
    names = {outcome.name for outcome in run_report.run.outcomes}
    tests, proofs = [], 0
    smallest = {cause.item for cause in run_report.causes}
    for outcome in run_report.run.outcomes:
        mine = by_item.get(outcome.name, []) if run_report.comparison else None
        why = _blocking(outcome, mine)
        proofs += bool(why)
        is_proven = proofs <= PROOFS or outcome.item in smallest
        tests.append(_test(outcome, why, run_report if is_proven else None, mine))
    for item, lost_rows in by_item.items():
        if item not in names and any(row.blocks for row in lost_rows):
            test = _case(item)
            _say(test, "failure", f"{lost_rows[0].kind}: {lost_rows[0].note}", "", lost_rows[0].kind)
            tests.append(test)
    return tests


def _blocking(outcome: Outcome, rows: list[Row] | None) -> str:
    """Return why an item fails, in a line; empty if it does not. `rows`: the baseline's word, if there is one."""
    if rows is not None:
        kinds = [row.kind for row in rows if row.blocks]
        names = [name for row in rows if row.blocks and row.after for name in sorted(row.after.names)]
        return ": ".join(filter(None, (", ".join(dict.fromkeys(kinds)), ", ".join(dict.fromkeys(names)))))
    unexplained = {
        explained.finding.name: explained.finding.message
        for explained in outcome.findings
        if explained.known_issue is None
    }
    return "; ".join(f"{name}: {message}" for name, message in unexplained.items())


def _test(outcome: Outcome, why: str, run_report: RunReport | None, rows: list[Row] | None) -> ET.Element:
    test = _case(outcome.name)
    known = dict.fromkeys(explained.known_issue for explained in outcome.findings if explained.known_issue)
    if outcome.result in {"infrastructure", "error"}:
        _say(test, "error", outcome.note, outcome.note, outcome.result)
    elif why:
        text = "\n".join(run_report.prove(outcome)) if run_report else _words(outcome)
        _say(test, "failure", why, text, why.partition(":")[0])
    elif outcome.result in {"not-applicable", "not-recorded"}:
        _say(test, "skipped", outcome.note, "", outcome.result)
    elif outcome.findings:
        explanation = f"known: {', '.join(known)}" if known else "shown, and let through"
        kinds = dict.fromkeys(row.kind for row in rows or () if row.after and row.after.names)
        _say(test, "skipped", "; ".join([explanation, *kinds]), "", "known")
        ET.SubElement(test, "system-out").text = _fit(_words(outcome))
    elif outcome.note:
        ET.SubElement(test, "system-out").text = _fit(outcome.note)
    return test


def _case(item: str) -> ET.Element:
    """Return an item such as `tests/live/test_forced.py::test_forced[one-call-stream]` as class and name."""
    path, _, name = item.partition("::")
    return ET.Element(
        "testcase", classname=_fit(path.removesuffix(".py").replace("/", ".")), name=_fit(name), time="0"
    )


def _say(test: ET.Element, tag: str, message: str, text: str, kind: str) -> None:
    element = ET.SubElement(test, tag, message=_fit(message), type=_fit(kind))
    element.text = _fit(text)


def _words(outcome: Outcome) -> str:
    """Return the findings without their frames."""
    lines: dict[str, None] = {}
    for explained in outcome.findings:
        finding = explained.finding
        known = f"   known: {explained.known_issue}" if explained.known_issue else ""
        lines[f"{finding.name}   {finding.message}{known}"] = None
    return "\n".join(lines)


def _fit(text: str) -> str:
    """Return a text in which what XML cannot hold is written as Python would: a model may say anything."""
    return _UNFIT.sub(lambda match: ascii(match[0])[1:-1], text)
