"""The Matriz de certificaciones digitales as a page: found without accents, filtered, paged, exported; for its readers."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from engine.carta import register_certificate
from engine.documents import store_document
from engine.history.case_file import find_case
from engine.people import create_token
from tests.support.face import MONDAY
from web import files

PDF = b"%PDF-1.7 certificado"
HOLDERS = ("María José Ñáñez de la Cruz", "Tadeo Güemes", "=HYPERLINK(1)")


def enter_entries(staff, holders=HOLDERS, product="certificado_institucional") -> list[str]:
    app = staff.house.app
    with app.database.write() as conn:
        head = find_case(conn, staff.numbers[0])
        document = store_document(
            conn, app.archive, case_id=head.id, kind="issued", name="certificacion.pdf", title="Certificación",
            media_type="application/pdf", data=PDF, code="7K3M-Q9PX-2B4H", at=MONDAY,
        )  # fmt: skip
        return [
            register_certificate(
                conn, job_key=f"{product}-{n}", case_id=head.id, document_id=document.id, product=product,
                holder=holder, identity=f"091234567{n % 10}", code="7K3M-Q9PX-2B4H", signer="Fiorella D'Angelo",
                at=MONDAY + timedelta(days=n), zone=app.config.zone,
            ).number
            for n, holder in enumerate(holders)
        ]  # fmt: skip


@pytest.mark.req("C-37", "C-41")
def test_an_entry_is_found_by_a_name_without_accents_and_leads_to_its_case_and_its_check(staff):
    enter_entries(staff)
    page = staff.rosa.open("/matriz?q=NANEZ+cruz").text
    assert "María José Ñáñez de la Cruz" in page
    assert "Tadeo Güemes" not in page
    assert f'href="/casos/{staff.numbers[0]}"' in page
    assert 'href="/verificar/7K3M-Q9PX-2B4H"' in page
    assert "1 asiento" in page


def test_the_address_holds_the_filters(staff):
    enter_entries(staff)
    enter_entries(staff, ("Ana Íñiguez",), "matriz_digital")
    shown = {
        "producto=matriz_digital": ["Ana Íñiguez"],
        "desde=2026-11-24&hasta=2026-11-24": ["Tadeo Güemes"],
        "q=guemes&producto=matriz_digital": [],
        "desde=nunca&q=guemes": ["Tadeo Güemes"],
    }
    everybody = (*HOLDERS[:2], "Ana Íñiguez")
    for address, expected in shown.items():
        page = staff.rosa.open(f"/matriz?{address}").text
        assert [name for name in everybody if name in page] == expected, address
    assert "Ningún asiento coincide" in staff.rosa.open("/matriz?q=nadie").text


def test_more_than_a_page_is_turned_over(staff):
    enter_entries(staff, [f"Persona {n:03d}" for n in range(53)])
    first = staff.rosa.open("/matriz").text
    assert "53 asientos" in first
    assert "Persona 052" in first
    assert "Persona 002" not in first
    assert 'href="/matriz?pagina=2"' in first
    second = staff.rosa.open("/matriz?pagina=2").text
    assert "Persona 002" in second
    assert staff.rosa.open("/matriz?pagina=nueve").status_code == 200


def test_the_exports_hold_what_is_found_and_run_nothing(staff):
    enter_entries(staff)
    csv = staff.rosa.open("/matriz/certificaciones.csv")
    assert "attachment" in csv.headers["Content-Disposition"]
    assert "'=HYPERLINK(1)" in csv.data.decode("utf-8-sig")
    assert staff.numbers[0] in csv.data.decode()
    book = load_workbook(io.BytesIO(staff.rosa.open("/matriz/certificaciones.xlsx?q=hyperlink").data))
    [_heading, row] = list(book.active.iter_rows())
    assert (row[3].value, row[3].data_type) == ("=HYPERLINK(1)", "s")
    assert row[2].value == "Certificado institucional"


def test_a_long_export_waits_on_the_disk_and_comes_whole(staff, monkeypatch):
    monkeypatch.setattr(files, "IN_MEMORY", 100)
    enter_entries(staff, [f"Persona {n:03d}" for n in range(53)])
    answer = staff.rosa.open("/matriz/certificaciones.csv")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.data.decode("utf-8-sig").count("\r\n") == 54


def test_the_document_of_an_entry_opens_and_the_reading_is_on_record(staff):
    [number] = enter_entries(staff, HOLDERS[:1])
    assert staff.rosa.open(f"/matriz/{number}/documento").data == PDF
    assert staff.rosa.open("/matriz/MCD-1999-000001/documento").status_code == 404


def test_only_those_who_answer_for_it_read_it(staff):
    staff.house.person("archivista", "Lía", "Paz", "archivo")
    for username in ("rosa", "general", "teo", "archivista"):
        assert staff.house.enter(username).open("/matriz").status_code == 200, username
    maria = staff.house.enter("maria")
    for address in ("/matriz", "/matriz/certificaciones.csv", "/matriz/MCD-2026-000001/documento"):
        assert maria.open(address).status_code == 403, address
    assert "/matriz" not in maria.open("/tramites").text
    assert staff.house.visitor().open("/matriz").status_code == 302


@pytest.mark.req("C-37", "C-41")
def test_a_program_searches_it_too(staff):
    enter_entries(staff)
    app = staff.house.app
    with app.database.write() as conn:
        tokens = {who: create_token(conn, staff.house.people[who], "prueba", MONDAY) for who in ("rosa", "maria")}

    def ask(who: str, address: str):
        client = staff.house.flask.test_client()
        return client.get(f"/api/v1/matriz{address}", headers={"Authorization": f"Bearer {tokens[who]}"})

    found = ask("rosa", "?q=guemes").json
    assert (found["count"], found["items"][0]["holder"]) == (1, "Tadeo Güemes")
    assert found["items"][0]["case_number"] == staff.numbers[0]
    assert ask("rosa", "?limit=1").json["count"] == 3
    assert ask("rosa", "?limit=9000").status_code == 422
    assert ask("maria", "").status_code == 403
