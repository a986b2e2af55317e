"""A real Chromium without a window, driven by its own driver; nothing is downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DRIVERS = ("chromedriver", "chromium-chromedriver")
WANTED = "XLAM_GATE_BROWSER"
"""`demanded`: without a browser its tests fail; `none`: they are left out; unset: demanded in CI, else left out."""
INSTALL = "Debian, Ubuntu: apt-get install chromium chromium-driver"
PATIENCE_S = 20


def require_browser() -> tuple[str, str]:
    """Return browser and driver. Where they are missing the test fails if they are demanded, else it is left out."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = next(filter(None, map(shutil.which, DRIVERS)), None)
    if browser and driver:
        return browser, driver
    lacking = " and ".join(
        name for name, found in (("Chromium", browser), ("chromedriver", driver)) if not found
    )
    told = f"no {lacking} on PATH, so the HTML report is not tested in a browser ({INSTALL})"
    if is_demanded():
        pytest.fail(f"{told}; {WANTED}=none goes without these tests", pytrace=False)
    pytest.skip(told)


def is_demanded() -> bool:
    """Return whether a missing browser is a failure."""
    wanted = os.environ.get(WANTED) or ("demanded" if os.environ.get("CI") else "none")
    if wanted not in {"demanded", "none"}:
        pytest.fail(f"{WANTED}={wanted}: demanded or none is wanted", pytrace=False)
    return wanted == "demanded"


@contextmanager
def chromium(width: int = 1280, height: int = 900, dark: bool = False) -> Iterator[Chrome]:
    """A browser window of this size. At its end every error that its console took down has to be told of."""
    browser, driver = require_browser()
    options = ChromeOptions()
    options.binary_location = browser
    for word in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
    ):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with Chrome(options=options, service=Service(driver)) as window:
        resize(window, width, height, dark)
        yield window


def resize(window: Chrome, width: int, height: int, dark: bool = False) -> None:
    """The page's own size, below what a window may have; light or dark as the system would say."""
    window.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def open_page(window: Chrome, path: Path, place: str = "") -> None:
    """Open a file and wait until its script is through."""
    window.get(path.resolve().as_uri() + place)
    until(window, "return document.documentElement.dataset.ready === '1'")


def until(window: Chrome, script: str, *words: Any) -> Any:
    """Wait for a script to return something."""
    return WebDriverWait(window, PATIENCE_S, 0.02).until(lambda found: found.execute_script(script, *words))


def complaints(window: Chrome) -> list[str]:
    """What the console took down."""
    return [f"{entry['level']}: {entry['message']}" for entry in window.get_log("browser")]
