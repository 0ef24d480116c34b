"""A real Chromium for the browser tests, driven by Playwright: the system's browser, never a downloaded one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """The path of the browser. Raises RuntimeError that says how to get one."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise RuntimeError("The browser tests need Chromium: apt-get install -y chromium, or set CHROMIUM=/path/to/it")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one file of tests: its driver keeps an event loop in the thread, where those that come after may not be."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["1280px", "390px"])
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    return dict(request.param)


@pytest.fixture
def page(browser: Browser, viewport: dict[str, int]) -> Iterator[Page]:
    """An empty page in its own context, in Spanish, on a desktop's and on a phone's screen."""
    with browser.new_context(viewport=viewport, locale="es-EC") as context:  # type: ignore[arg-type]
        yield context.new_page()
