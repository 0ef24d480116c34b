"""In person and back: filed at the desk by clicking, followed by the receipt, complained about, on two screens."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.config import ROOT
from engine.definitions import Bundle, publish
from tests.support.face import MONDAY, PASSWORD, furnish, open_house
from tests.support.served import check_page, listen, served


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    file = Path(shutil.copy(sqlite_template, tmp_path / "cartulario.db"))
    house = open_house(f"sqlite:///{file}", tmp_path)
    furnish(house)
    with house.app.database.write() as conn:
        bundle = Bundle.read(ROOT / "bpmn", ROOT / "forms", "atender_queja")
        publish(conn, bundle, None, MONDAY, house.app.operations)
    with served(house.flask) as address:
        yield address
    house.app.close()


def enter(page: Page, site: str, who: str, back: str) -> None:
    page.goto(f"{site}/ingresar?volver={back}")
    page.fill("#usuario", who)
    page.fill("#clave", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(re.compile(re.escape(back)))


@pytest.mark.req("C-10")
def test_a_letter_of_an_organism_becomes_a_case_that_its_receipt_follows(
    page: Page, site: str, browser: Browser, viewport: dict[str, int]
) -> None:
    complaints = listen(page)
    enter(page, site, "rosa", "/mostrador")
    page.emulate_media(color_scheme="dark")
    check_page(page)
    page.get_by_role("link", name="Registrar a una persona").click()
    page.get_by_label("Cédula (Ecuador)").check()
    page.get_by_label("Número").fill("1700000018")
    page.get_by_label("Apellidos").fill("Ñáñez de la Cruz Sagñay")
    page.get_by_label("Graduada o graduado").check()
    page.get_by_label("Correo electrónico").fill("n@ces.example")
    page.get_by_role("button", name="Registrar").click()
    expect(page.get_by_role("alert")).to_contain_text("el último (8) comprueba los nueve primeros")
    check_page(page)
    page.get_by_label("Número").fill("1700000019")
    page.get_by_role("button", name="Registrar").click()
    page.get_by_text("Lo pide un organismo, con un oficio").click()
    page.get_by_label("Organismo", exact=True).fill("Consejo de Educación Superior")
    page.get_by_label("Número del oficio o memorando").fill("CES-SG-2026-0123-O")
    page.emulate_media(color_scheme="light")
    check_page(page)
    page.get_by_role("button", name="Llenar la solicitud").click()
    page.locator("[name=productos][value=certificado_institucional]").check()
    page.locator("[name=tipo][value=matricula]").check()
    page.locator("[name=destino]").fill("Universidad de Cuenca")
    page.locator("[name=declaracion]").check()
    page.get_by_role("button", name="Revisar mis respuestas").click()
    expect(page.locator(".for-whom")).to_contain_text("CES-SG-2026-0123-O")
    check_page(page)
    page.get_by_role("button", name="Enviar la solicitud").click()
    expect(page.get_by_role("heading", name="Constancia de su solicitud")).to_be_visible()
    check_page(page)
    number, word = page.locator(".facts.big dd").first.inner_text(), page.locator(".follow-word").inner_text()
    with browser.new_context(viewport=viewport, locale="es-EC", color_scheme="dark") as nobody:  # type: ignore[arg-type]
        followed = nobody.new_page()
        followed.goto(f"{site}/seguimiento")
        followed.get_by_label("Número de trámite").fill(number)
        followed.get_by_label("Clave de la constancia, o su documento de identidad").fill(word)
        followed.get_by_role("button", name="Ver en qué va").click()
        expect(followed.get_by_text("martes 24 de noviembre de 2026")).to_be_visible()
        check_page(followed)
    assert complaints == []


def test_a_suggestion_is_written_from_the_foot_of_any_page(page: Page, site: str) -> None:
    enter(page, site, "maria", "/tramites")
    page.get_by_role("link", name="Quejas y sugerencias").click()
    page.get_by_label("Una sugerencia").check()
    page.get_by_label("Cuéntenos").fill("Publiquen los requisitos también en kichwa.")
    check_page(page)
    page.get_by_role("button", name="Revisar mis respuestas").click()
    page.get_by_role("button", name="Enviar la solicitud").click()
    expect(page.get_by_text("QS-2026-000001").first).to_be_visible()
    expect(page.get_by_text("La Jefatura de Secretaría lee lo que escribió")).to_be_visible()
    check_page(page)
