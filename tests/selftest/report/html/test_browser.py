"""Where there is no browser its tests are left out aloud, or fail where it is demanded; they never just pass."""

import pytest

from tests.selftest.jobs import session

TESTS = ("tests/selftest/report/html/test_page.py", "-k", "test_colour or test_what_slipped")
NOWHERE = "/nowhere"


@pytest.mark.parametrize(("ci", "wanted"), [("", ""), ("", "none"), ("true", "none")])
def test_without_a_browser_its_tests_are_left_out_aloud(ci: str, wanted: str) -> None:
    ended = session(*TESTS, PATH=NOWHERE, CI=ci, XLAM_GATE_BROWSER=wanted)
    assert ended.returncode == 0, ended.stdout
    assert "2 skipped" in ended.stdout
    assert (
        "left out  2 tests were not run: no Chromium and chromedriver on PATH, so the HTML report is not tested in a"
        " browser (Debian, Ubuntu: apt-get install chromium chromium-driver)\n"
    ) in ended.stdout


@pytest.mark.parametrize(("ci", "wanted"), [("true", ""), ("", "demanded")])
def test_a_browser_that_is_demanded_and_missing_is_a_failure(ci: str, wanted: str) -> None:
    ended = session(*TESTS, PATH=NOWHERE, CI=ci, XLAM_GATE_BROWSER=wanted)
    assert ended.returncode == 1, ended.stdout
    assert "2 errors" in ended.stdout
    assert "no Chromium and chromedriver on PATH" in ended.stdout
    assert "XLAM_GATE_BROWSER=none goes without these tests" in ended.stdout


def test_a_wrong_word_is_no_way_around_it() -> None:
    ended = session(*TESTS, PATH=NOWHERE, XLAM_GATE_BROWSER="0")
    assert ended.returncode == 1, ended.stdout
    assert "XLAM_GATE_BROWSER=0: demanded or none is wanted" in ended.stdout
