"""The indicators' pages on two screens, with axe, in the light and in the dark."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.carta import seed_edition
from engine.storage.tables import indicator_month
from tests.support.face import MONDAY, PASSWORD, open_house
from tests.support.served import check_page, listen, served


@pytest.fixture
def address(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    file = Path(shutil.copy(sqlite_template, tmp_path / "cartulario.db"))
    house = open_house(f"sqlite:///{file}", tmp_path)
    house.person("general", "Fiorella", "D'Angelo", "secretario_general")
    of = {"process": "p", "service": "B1", "channel": "portal", "product": "", "value": 0}
    rows = [
        {**of, "month": month, "measure": measure, "count": 40 + month % 100, "product": product, "value": value}
        for month in (202609, 202610, 202611)
        for measure, product, value in (
            ("opened", "", 0),
            ("delivered", "", 0),
            ("days", "", 2),
            ("kept", "certificado_institucional", 0),
            ("late", "matriz_digital", 0),
        )
    ]
    with house.app.database.write() as conn:
        seed_edition(conn, house.app.config, MONDAY)
        conn.execute(indicator_month.insert(), rows)
    with served(house.flask) as site:
        yield site
    house.app.close()


@pytest.mark.req("C-51")
def test_the_public_page_and_the_dashboard_read_well(page: Page, address: str) -> None:
    complaints = listen(page)
    page.goto(f"{address}/carta/indicadores")
    check_page(page)
    page.emulate_media(color_scheme="dark")
    check_page(page)
    page.select_option("#servicio", "B1")
    page.get_by_role("button", name="Ver", exact=True).click()
    page.wait_for_url(re.compile("servicio=B1"))
    page.goto(f"{address}/ingresar?volver=/tablero")
    page.fill("#usuario", "general")
    page.fill("#clave", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(re.compile("/tablero"))
    expect(page.get_by_role("img", name=re.compile("Porcentaje cumplido"))).to_be_visible()
    check_page(page)
    page.emulate_media(color_scheme="light")
    check_page(page)
    assert complaints == []
