"""What only the demo shows, and that nothing of it exists elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support.face import House, Visitor, open_house


@pytest.fixture
def demo(furnished: Path, tmp_path: Path) -> Iterator[House]:
    house = open_house(f"sqlite:///{furnished}", tmp_path, demo=True)
    (tmp_path / "demo_people.json").write_text(json.dumps([{"username": "maria", "password": "clave", "who": "Ñáñez"}]))
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "Recibimos su solicitud", "sg@une.example", "maria@une.example"
    letter.set_content("Su trámite es SG-2026-000001.\n<script>alert(1)</script>\n")
    letter.add_attachment(b"%PDF-1.7", maintype="text", subtype="html", filename="../../../constancia.html")
    (tmp_path / "mailbox").mkdir()
    (tmp_path / "mailbox" / "uno.eml").write_bytes(letter.as_bytes())
    (tmp_path / "fuera.eml").write_bytes(letter.as_bytes())
    yield house
    house.app.close()


def test_the_demo_is_marked_on_every_page_and_lists_its_people(demo: House) -> None:
    visitor = demo.visitor()
    assert "sin valor legal" in visitor.open("/servicios").text
    assert "Ñáñez" in visitor.open("/ingresar").text


def test_nothing_of_the_demo_exists_outside_of_it(visitor: Visitor) -> None:
    page = visitor.open("/ingresar").text
    assert "DEMO" not in page
    assert "Personas de la demostración" not in page
    for address in ("/demo/correo", "/demo/correo/uno", "/demo/correo/uno/0"):
        assert visitor.open(address).status_code == 404


def test_letters_are_listed_and_read_as_text(demo: House) -> None:
    visitor = demo.visitor()
    assert "Recibimos su solicitud" in visitor.open("/demo/correo").text
    page = visitor.open("/demo/correo/uno").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_attachment_is_saved_and_never_opened_by_the_browser(demo: House) -> None:
    answer = demo.visitor().open("/demo/correo/uno/0")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=constancia.html"
    assert demo.visitor().open("/demo/correo/uno/9").status_code == 404


@pytest.mark.parametrize("key", ["..%2Ffuera", "../fuera", "%2e%2e/fuera", "no-hay"])
def test_no_other_file_is_reached_by_its_name(demo: House, key: str) -> None:
    assert demo.visitor().open(f"/demo/correo/{key}").status_code == 404
