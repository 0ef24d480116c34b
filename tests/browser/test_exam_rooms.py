"""The pages around the register of exam actas, on two screens, with axe, in the light and in the dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from engine import people
from engine.inbound.exam_copy import KeepCopy, keep_copy
from engine.inbound.received import statement
from tests.support import examen
from tests.support.face import PASSWORD, a_pdf
from tests.support.mail_desk import AT, MailDesk, read_here
from tests.support.old_scans import old_acta, scan_one
from tests.support.served import check_page, listen, served
from web.app import create_app
from web.security import limiter


@pytest.fixture
def site(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """→ its address, and the pages to look at."""
    monkeypatch.setattr(statement, "read_return", read_here)
    desk = MailDesk.open(database_url, tmp_path / "data")
    app, chief = desk.app, desk.staff["posgrado"]
    (acta,) = examen.actas(app.database, examen.open_mesa(app.database, 2))
    examen.bring(app.database, acta.id, "bloqueada")
    keep_copy(KeepCopy(acta.base, "shelved", "Estante 4, caja 12", chief, uuid4()), app)
    with app.database.write() as conn:
        people.grant_role(conn, chief, "departamento:quimica", AT.date())
        people.set_password(conn, chief, PASSWORD, AT)
    raw = b"Authentication-Results: mx.une.example; dmarc=fail\r\n" + desk.written(desk.file())
    held = desk.receive(raw)
    assert held.status == "held"
    face = create_app(app)
    limiter.reset()
    scan_one(app, old_acta(), a_pdf())
    scan_one(app, old_acta(motivo="Le falta el pie."), a_pdf() + b"\n", papel="danado")
    rooms = [
        "",
        "/mesas",
        "/tablero",
        "/antiguas",
        "/antiguas/2015-L0003-F0012",
        "/correos",
        f"/correos/{held.id}",
        "/ejemplares",
        "/firmantes",
        "/control",
        "/norma",
        f"/{acta.base}",
    ]
    with served(face) as address:
        yield address, [f"/examenes{room}" for room in rooms]
    app.close()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_room_reads_well(page: Page, site: tuple[str, list[str]]) -> None:
    address, rooms = site
    complaints = listen(page)
    page.goto(f"{address}/ingresar?volver=/examenes")
    page.fill("#usuario", "posgrado")
    page.fill("#clave", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(re.compile("/examenes"))
    for n, room in enumerate(rooms):
        page.emulate_media(color_scheme="dark" if n % 2 else "light")
        page.goto(address + room)
        check_page(page)
    page.set_viewport_size({"width": 390, "height": 844})
    for held in (".grades .ex", ".grades .doc"):  # two students may have one name
        assert page.locator(held).first.is_visible()
    page.goto(f"{address}/examenes")
    page.locator(".exam-rooms summary").click()
    check_page(page)
    page.get_by_role("link", name="La norma").click()
    page.wait_for_url(re.compile("/examenes/norma"))
    assert complaints == []
