"""The register of session actas on two screens: searched, reserved, loaded, and asked for."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.config import ROOT
from engine.definitions import Bundle, publish
from tests.support.face import MONDAY, PASSWORD, furnish, open_house
from tests.support.served import check_page, listen, served
from web.demo.actas import furnish_actas


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    file = Path(shutil.copy(sqlite_template, tmp_path / "cartulario.db"))
    house = open_house(f"sqlite:///{file}", tmp_path)
    furnish(house)
    furnish_actas(house.app)
    with house.app.database.write() as conn:
        bundle = Bundle.read(ROOT / "bpmn", ROOT / "forms", "solicitar_copia_acta")
        publish(conn, bundle, None, MONDAY, house.app.operations)
    with served(house.flask) as address:
        yield address
    house.app.close()


def enter(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/ingresar?volver=/actas-de-sesion")
    page.fill("#usuario", who)
    page.fill("#clave", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(re.compile("/actas-de-sesion"))


@pytest.mark.req("C-28", "C-26")
def test_an_acta_is_found_and_its_copy_asked_for(page: Page, site: str, viewport: dict[str, int]) -> None:
    complaints = listen(page)
    enter(page, site, "oficina")
    page.get_by_label("De qué trató").fill("reglamento de titulación")
    page.get_by_role("button", name="Buscar").click()
    check_page(page)
    page.get_by_role("link", name="OCAS-2024-7").click()
    page.emulate_media(color_scheme="dark")
    check_page(page)
    page.get_by_role("button", name="Pedir copia certificada").click()
    expect(page.locator("[name=acta_referencia]")).to_have_value("OCAS-2024-7")
    check_page(page)
    assert complaints == []


def test_an_acta_is_reserved_and_others_are_loaded(page: Page, site: str, viewport: dict[str, int]) -> None:
    enter(page, site, "rosa")
    check_page(page)
    page.get_by_role("link", name="CGA-2025-4").click()
    page.get_by_text("Cambiar la reserva").click()
    page.get_by_label("El acta entera").check()
    page.get_by_role("button", name="Guardar la reserva").click()
    page.get_by_label("Motivo legal").fill("LOTAIP, art. 17: afecta a la seguridad")
    page.get_by_role("button", name="Guardar la reserva").click()
    expect(page.get_by_role("status")).to_contain_text("Quedó reservada")
    check_page(page)
    page.goto(f"{site}/actas-de-sesion/cargar")
    index = "organo;numero;fecha;titulo;aprobada;archivo\nCGA;1;2099-01-01;;;falta.pdf\n"
    page.set_input_files("#indice", {"name": "i.csv", "mimeType": "text/csv", "buffer": index.encode()})
    page.get_by_role("button", name="Cargar").click()
    expect(page.get_by_text("Se cargaron 0 actas")).to_be_visible()
    check_page(page)
