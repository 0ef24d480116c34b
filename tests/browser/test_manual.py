"""The manual's pictures are taken by the suite: every one that it shows can be taken today, of a page that has no fault.

``CARTULARIO_CAPTURAS=1 ./run test tests/browser/test_manual.py`` writes them anew into ``docs/manual/capturas``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from engine.app import Cartulario, build
from engine.config import ROOT
from tests.browser.manual_shots import SHOTS, Scene
from tests.support.served import check_page, listen
from web.demo.office import PASSWORD
from web.demo.stage import Stage

MANUAL = ROOT / "docs" / "manual"
SCREEN = {"width": 1280, "height": 860}
SHOWN = re.compile(r"!\[[^\]]+\]\(capturas/([a-z0-9-]+)\.png\)")


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, scene: Scene) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("manual"), past=scene) as raised:
        yield raised


@pytest.fixture(scope="module")
def app(stage: Stage) -> Iterator[Cartulario]:
    opened = build(stage.config)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pages(browser: Browser, stage: Stage) -> Iterator[dict[str | None, Page]]:
    """A browser for each who looks."""
    opened: dict[str | None, Page] = {}
    contexts = []
    for username in dict.fromkeys(shot.username for shot in SHOTS.values()):
        context = browser.new_context(viewport=SCREEN, locale="es-EC", color_scheme="light")  # type: ignore[arg-type]
        contexts.append(context)
        opened[username] = page = context.new_page()
        if username is not None:
            page.goto(f"{stage.url}/ingresar")
            page.get_by_label("Usuario").fill(username)
            page.get_by_label("Contraseña").fill(PASSWORD)
            page.get_by_role("button", name="Ingresar").click()
            page.wait_for_url(lambda address: "/ingresar" not in address)
    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_of_the_manual_can_be_taken(
    name: str, pages: dict[str | None, Page], stage: Stage, scene: Scene, app: Cartulario, tmp_path: Path
) -> None:
    shot = SHOTS[name]
    page = pages[shot.username]
    complaints = listen(page)
    answer = page.goto(stage.url + shot.page(scene, app))
    assert answer is not None
    assert answer.status == 200, page.url
    check_page(page)
    target = (MANUAL / "capturas" if os.environ.get("CARTULARIO_CAPTURAS") else tmp_path) / f"{name}.png"
    page.screenshot(path=target, full_page=shot.whole)
    _shrink(target)
    assert complaints == []
    with Image.open(target) as taken, Image.open(MANUAL / "capturas" / f"{name}.png") as kept:
        assert kept.size == taken.size


def test_the_manual_shows_every_picture_and_no_other() -> None:
    shown = [name for file in sorted(MANUAL.glob("*.md")) for name in SHOWN.findall(file.read_text(encoding="utf-8"))]
    assert sorted(set(shown)) == sorted(SHOTS)
    assert sorted(file.stem for file in (MANUAL / "capturas").glob("*.png")) == sorted(SHOTS)


def _shrink(file: Path) -> None:
    """To a palette: a page of text needs no more, and the repository stays small."""
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(96).save(file, optimize=True)
