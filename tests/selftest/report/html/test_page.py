"""The page in a real Chromium: what it shows, how it is operated, and that nothing a model says becomes markup."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.harness.core.records.case import Reading
from tests.harness.core.records.outcome import Outcome
from tests.harness.session.rerender import rerender
from tests.selftest.report.folders import HOSTILE, broken, folder_of, right
from tests.selftest.report.html.browser import chromium, complaints, open_page, resize, until

BEFORE = [
    right("one-call"),
    right("two-calls"),
    broken("old-trouble", "sent-twice"),
    right("hostile", HOSTILE),
]
AFTER = [
    broken("one-call"),
    right("two-calls"),
    broken("old-trouble", "sent-twice"),
    broken("hostile", None, HOSTILE),
]
SKIPPED = Outcome(
    "tests/live/test_forced.py::test_forced[b-left-out-stream]", "b", "left-out", "stream", "not-applicable",
    note="no interval here",
)  # fmt: skip


@pytest.fixture(scope="module")
def window() -> Iterator[Chrome]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    before = folder_of(folder / "a", BEFORE, "GO", vllm_version="0.31.0", target="process:0.31.0")
    after = folder_of(folder / "b", AFTER, extra=[SKIPPED], target="process:0.32.0")
    said = rerender([str(after)], str(before), None)
    assert said[0] == f"report  {after / 'report.html'}"
    return after / "report.html"


@pytest.fixture
def opened(window: Chrome, page: Path) -> Iterator[Chrome]:
    """The page; its console must have nothing to say in the end."""
    resize(window, 1280, 900)
    window.get("about:blank")
    open_page(window, page)
    yield window
    assert complaints(window) == []


def text_of(window: Chrome, selector: str) -> str:
    return window.find_element(By.CSS_SELECTOR, selector).text


def shown_cases(window: Chrome) -> list[str]:
    cases = window.find_elements(By.CSS_SELECTOR, ".topic .row:not([hidden]) .case")
    return [case.text.split()[0] for case in cases if case.is_displayed()]


def press(window: Chrome, *keys: str) -> None:
    for key in keys:
        window.switch_to.active_element.send_keys(key)


def open_cell(window: Chrome, case: str, run: int = 1) -> None:
    label = f'[aria-label^="{case} on"][data-column="{run}"]'
    window.find_element(By.CSS_SELECTOR, label).click()
    until(window, "return document.querySelector('#answer')?.childElementCount > 0")


def test_the_word_comes_first_then_what_blocks_then_what_is_known(opened: Chrome) -> None:
    heads = [found.text for found in opened.find_elements(By.CSS_SELECTOR, "h1, h2") if found.text]
    assert [re.split(r"[\n\d]", head)[0].strip() for head in heads[:4]] == [
        "✕ NO-GO", "What blocks", "What is known", "Cases and targets",
    ]  # fmt: skip
    assert "process:0.32.0 against process:0.31.0" in text_of(opened, ".verdict")
    assert "arguments-json/glued-twice" in text_of(opened, ".blockers")
    assert "> event" in text_of(opened, ".line.hit")
    link = opened.find_element(By.CSS_SELECTOR, ".known a")
    assert link.get_attribute("href") == "https://example.org/1?a=1&b=2"
    assert "no interval here" in text_of(opened, "ul.gaps")


def test_filters_and_search_leave_what_they_name(opened: Chrome) -> None:
    everything = ["one-call", "two-calls", "old-trouble", "hostile", "left-out"]
    assert shown_cases(opened) == everything
    for name, left in (
        ("findings", ["one-call", "old-trouble", "hostile"]),
        ("regressions", ["one-call", "hostile"]),
        ("known", ["old-trouble"]),
        ("na", ["left-out"]),
        ("all", everything),
    ):
        opened.find_element(By.CSS_SELECTOR, f'input[value="{name}"]').click()
        assert shown_cases(opened) == left, name
    press(opened, Keys.ESCAPE)
    opened.find_element(By.TAG_NAME, "body").send_keys("/")
    press(opened, "glued-twice", " ", "one")
    assert shown_cases(opened) == ["one-call"]
    assert text_of(opened, "#shown") == "1 of 5 cases"


def test_the_comparison_s_own_kinds_can_be_chosen(opened: Chrome) -> None:
    options = [
        found.get_attribute("value") for found in opened.find_elements(By.CSS_SELECTOR, "#kinds option")
    ]
    assert {"", "regression", "unchanged", "broken"} <= set(options)
    opened.find_element(By.CSS_SELECTOR, '#kinds option[value="broken"]').click()
    assert shown_cases(opened) == ["old-trouble"]


def test_the_keyboard_opens_a_cell_chooses_a_split_and_comes_back(opened: Chrome) -> None:
    until(
        opened, "document.querySelector('.cell').focus(); return document.activeElement.className === 'cell'"
    )
    press(opened, Keys.ARROW_RIGHT)
    assert opened.switch_to.active_element.get_attribute("aria-label").startswith(
        "one-call on 0.32.0: streamed"
    )
    press(opened, Keys.ENTER)
    until(opened, "return document.querySelector('#answer')?.childElementCount > 0")
    assert opened.switch_to.active_element.get_attribute("id") == "close"
    pressed = opened.find_element(By.CSS_SELECTOR, '.splits [aria-pressed="true"]')
    assert pressed.get_attribute("aria-label") == "char: unexplained finding, regression, blocks"
    opened.execute_script("arguments[0].focus()", opened.find_element(By.CSS_SELECTOR, ".splits .chip"))
    press(opened, Keys.ENTER)
    assert "the same" in text_of(opened, ".equal")
    press(opened, Keys.ESCAPE)
    until(opened, "return !document.querySelector('dialog').open")
    assert opened.switch_to.active_element.get_attribute("aria-label").startswith("one-call on 0.32.0")


def test_an_opened_cell_tells_expected_from_assembled_and_marks_the_frame(opened: Chrome) -> None:
    open_cell(opened, "one-call")
    assert text_of(opened, "#answer ins") == '{"key": "a"}'
    assert "✕ here: arguments-json/glued-twice" in text_of(opened, ".frames tr.wrong")
    assert text_of(opened, ".strip .said").startswith("▼ event")
    assert "ms" in text_of(opened, ".frames td.number")
    opened.find_element(By.CSS_SELECTOR, ".frames tr.wrong summary").click()
    # The bytes are put there when the browser tells that the summary was opened, a moment later.
    until(opened, "return document.querySelector('.frames tr.wrong .bytes')?.textContent.includes('␊')")


def test_of_several_right_answers_the_closest_is_shown(window: Chrome, tmp_path: Path) -> None:
    shown = broken("thoughts")
    readings = (Reading((), "All of it."), Reading(shown.case.calls, "Thoughts."), Reading(shown.case.calls))
    case = replace(shown.case, text='get {"key": "a"}', ambiguous="Thoughts may stay.", readings=readings)
    folder = folder_of(tmp_path / "c", [replace(shown, case=case)], target="process:0.32.0")
    rerender([str(folder)], None, None)
    open_page(window, folder / "report.html")
    open_cell(window, "thoughts", run=0)
    said = text_of(window, "#answer")
    assert "3 answers are right here, and this one comes closest. Thoughts may stay." in said
    assert text_of(window, "#answer ins") == '{"key": "a"}'
    assert "Right, call 0" in said
    assert "All of it." not in said
    assert complaints(window) == []


def test_a_link_under_what_blocks_opens_its_exchange(opened: Chrome) -> None:
    opened.find_element(By.CSS_SELECTOR, ".blockers a.open").click()
    until(opened, "return document.querySelector('#answer')?.childElementCount > 0")
    assert text_of(opened, "#panel-title") == "hostile"


def test_another_run_is_a_button_away(opened: Chrome) -> None:
    open_cell(opened, "one-call")
    opened.find_element(By.CSS_SELECTOR, ".runs .chip").click()
    until(
        opened, "return document.querySelector('.runs [aria-pressed=true]')?.textContent.includes('0.31.0')"
    )
    assert not opened.find_elements(By.CSS_SELECTOR, ".finding")


def test_nothing_that_a_model_says_becomes_markup(opened: Chrome, page: Path) -> None:
    assert "taken" not in opened.title
    open_cell(opened, "hostile")
    assert HOSTILE.partition("\u2028")[0] in text_of(opened, "#answer").replace('\\"', '"')
    assert opened.find_elements(By.TAG_NAME, "img") == []
    assert len(opened.find_elements(By.CSS_SELECTOR, "script:not([type])")) == 1
    assert opened.title.startswith("NO-GO")
    assert "<script>document" not in page.read_text("utf-8")


def test_what_slipped_in_would_not_run(window: Chrome, page: Path, tmp_path: Path) -> None:
    """The policy holds even if the escaping did not."""
    slipped = tmp_path / "slipped.html"
    inserted = "<script>document.title='taken'</script><img src='https://example.org/x.png'></main>"
    slipped.write_text(page.read_text("utf-8").replace("</main>", inserted), "utf-8")
    open_page(window, slipped)
    assert window.title.startswith("NO-GO")
    assert sum("Content Security Policy" in said for said in complaints(window)) == 2


@pytest.mark.parametrize("opening", [False, True], ids=["page", "panel"])
def test_360_pixels_are_enough(opened: Chrome, opening: bool) -> None:
    resize(opened, 360, 740)
    if opening:
        open_cell(opened, "one-call")
    assert opened.execute_script("return [innerWidth, document.documentElement.scrollWidth]") == [360, 360]
    inside = (
        "return [...document.querySelectorAll('dialog')].every((one) => one.scrollWidth <= one.clientWidth)"
    )
    assert opened.execute_script(inside)


def test_dark_where_the_system_is_and_readable_in_both(opened: Chrome) -> None:
    colours = """
      const parse = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((part) => {
        const value = part / 255; return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; });
      const light = (text) => { const [r, g, b] = parse(text); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const ground = (node) => { while (node) { const found = getComputedStyle(node).backgroundColor;
        if (!/, 0\\)$/.test(found)) return found; node = node.parentElement; } return 'rgb(255, 255, 255)'; };
      return [...document.querySelectorAll('h1 .word, .hint, .reason, .case, .sign, .line, .said, summary, th, td')]
        .filter((node) => node.checkVisibility()).map((node) => {
          const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
          return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.className + ' ' + node.tagName]; })
        .filter(([ratio]) => ratio < 4.5);"""
    grounds = []
    for dark in (False, True):
        resize(opened, 1280, 900, dark)
        grounds.append(opened.execute_script("return getComputedStyle(document.body).backgroundColor"))
        assert opened.execute_script(colours) == [], "WCAG AA: 4.5 to 1"
    assert grounds[0] != grounds[1]


def test_colour_is_never_the_only_sign(opened: Chrome) -> None:
    signs = {found.text for found in opened.find_elements(By.CSS_SELECTOR, ".legend .sign")}
    assert len(signs) == 7
    cell = opened.find_element(By.CSS_SELECTOR, ".cell.blocks")
    assert "regression" in cell.text
    assert "unexplained finding" in cell.get_attribute("aria-label")


def test_the_charts_say_their_numbers(opened: Chrome) -> None:
    figures = opened.find_elements(By.CSS_SELECTOR, "figure")
    assert [figure.text.splitlines()[0] for figure in figures] == [
        "Time to the first delta",
        "Time between deltas",
    ]
    assert all("median" in figure.text for figure in figures)
    labels = [found.get_attribute("aria-label") for found in figures[1].find_elements(By.TAG_NAME, "svg")]
    assert [label.partition(":")[0] for label in labels] == ["0.31.0 (before)", "0.32.0"]
    assert "median 10 ms" in labels[0]


def test_it_asks_nothing_of_a_network(opened: Chrome) -> None:
    asked = opened.execute_script(
        "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    assert [name for name in asked if not name.startswith("data:")] == []
