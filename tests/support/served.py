"""A face served on loopback for a real browser, and what every page of it must be: quiet, narrow enough, accessible."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import ConsoleMessage, Error, Page
from waitress.server import create_server

AT_REST = """() => Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished.catch(() => null))).then(() => true)"""  # a colour on its way to another is none
GOING_AWAY = 5  # times
SERIOUS = {"serious", "critical"}


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """→ the address of the site."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = create_server(app, host="127.0.0.1", port=port, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.close()  # what the browser keeps open ends with its page, and the thread with that


def listen(page: Page) -> list[str]:
    """What the browser complains of: refused by the policy, failed scripts, missing files."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "422" not in message.text:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def check_page(page: Page) -> None:
    """No serious or critical finding of axe, and nothing wider than the screen."""
    found = _look(page).response["violations"]
    serious = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found if one["impact"] in SERIOUS]
    assert serious == [], page.url
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], page.url


def _look(page: Page) -> AxeResults:
    """A click that sends a form returns before the next page is there: what goes away while it is looked at is not what
    was meant, so the page that comes is looked at."""
    for _ in range(GOING_AWAY):
        page.wait_for_load_state("load")
        page.wait_for_function("document.readyState === 'complete' && document.body !== null")
        try:
            page.evaluate(AT_REST)
            return Axe().run(page)
        except Error as gone:
            if not any(sign in gone.message for sign in ("context was destroyed", "reading 'documentElement'")):
                raise
    raise AssertionError(f"the page does not come to rest: {page.url}")
