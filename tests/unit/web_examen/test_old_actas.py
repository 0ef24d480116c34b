"""«Actas antiguas»: who finds a scanned acta and by what, its files, whose reading is on record, and its inventory."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from engine.actas.examen import shelve_scan
from engine.storage.tables import original, read_log
from tests.support.examen import AT
from tests.support.face import House, a_pdf
from tests.support.old_scans import CODES, old_acta, scan_one

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # both databases: see tests/unit/actas
BASE = "2015-L0003-F0012"


def what_was_read(house: House) -> set[str]:
    with house.app.database.read() as conn:
        return set(conn.scalars(sa.select(read_log.c.what)))


@pytest.mark.req("R-21", "R-27", "R-53")
def test_a_scanned_acta_is_found_opened_and_downloaded_and_who_read_it_is_on_record(exams: House) -> None:
    file = a_pdf()
    case_id = scan_one(exams.app, old_acta(), file, exams.people["gestion"])
    with exams.app.database.write() as conn:
        shelve_scan(conn, BASE, "Sala 2, caja 31", case_id, AT)
    visitor = exams.enter("archivera")
    for asked in ("q=nanez", "q=iñiguez", "q=epistemologia", "q=L3 F12", "anio=2015", "articulo=3", ""):
        assert BASE in visitor.open(f"/examenes/antiguas?{asked}").text, asked
    for asked in ("q=nadie", "anio=2014", "articulo=2", "sin_lugar=1", "conservar=1", "otra_vez=1", "rota=1"):
        page = visitor.open(f"/examenes/antiguas?{asked}").text
        assert (BASE in page, "Ningún acta antigua coincide" in page) == (False, True), asked
    page = visitor.open(f"/examenes/antiguas/{BASE}").text
    for text in ("Libro 3, folio 12", "Sala 2, caja 31", "Ñáñez, Güemes", "DA-2026-000001", "Norma Carrión"):
        assert text in page, text
    assert f"/verificar/{CODES[1]}" in page
    drawn = visitor.open(f"/examenes/antiguas/{BASE}/paginas/1.png")
    assert (drawn.mimetype, drawn.data[:4]) == ("image/png", b"\x89PNG")
    for wrong in ("2.png", "1.png?ancho=7"):
        assert visitor.open(f"/examenes/antiguas/{BASE}/paginas/{wrong}").status_code == 404, wrong
    shown = visitor.open(f"/examenes/antiguas/{BASE}/escaneo")
    assert (shown.data, shown.mimetype, shown.headers["Content-Disposition"]) == (
        file,
        "application/pdf",
        f"inline; filename={BASE}.pdf",
    )
    taken = visitor.open(f"/examenes/antiguas/{BASE}/escaneo?descargar=1")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert visitor.open(f"/examenes/antiguas/{BASE}/certificacion").data == file + b"%"
    assert what_was_read(exams) == {
        f"Abrió el acta antigua {BASE}",
        f"Abrió el escaneo 1 del acta {BASE}",
        f"Abrió la certificación del acta {BASE}",
    }


@pytest.mark.req("R-21", "R-51")
def test_the_newest_scan_counts_and_the_one_before_can_still_be_opened(exams: House) -> None:
    first, second = a_pdf(), a_pdf() + b"\n"
    scan_one(exams.app, old_acta(), first)
    scan_one(exams.app, old_acta(motivo="Le falta el pie."), second, estudiantes="Quishpe")
    visitor = exams.enter("jefa")
    page = visitor.open(f"/examenes/antiguas/{BASE}").text
    assert "Se escaneó otra vez: Le falta el pie." in page
    assert visitor.open(f"/examenes/antiguas/{BASE}/escaneo").data == second
    assert visitor.open(f"/examenes/antiguas/{BASE}/escaneo?n=1").data == first
    assert visitor.open(f"/examenes/antiguas/{BASE}/escaneo?n=3").status_code == 404
    listed = visitor.open("/examenes/antiguas?otra_vez=1").text
    assert listed.count(f">{BASE}</a>") == 1
    assert "escaneo 2" in listed


def test_a_file_that_was_found_damaged_says_so_and_what_to_do(exams: House) -> None:
    scan_one(exams.app, old_acta(), a_pdf())
    with exams.app.database.write() as conn:
        conn.execute(original.update().values(fixity="damaged"))
    visitor = exams.enter("jefa")
    assert BASE in visitor.open("/examenes/antiguas?rota=1").text
    page = visitor.open(f"/examenes/antiguas/{BASE}").text
    assert "El archivo ya no es el que se certificó" in page
    assert "<img" not in page


@pytest.mark.req("R-11", "R-27")
def test_old_actas_are_for_those_who_see_the_whole_register(exams: House) -> None:
    scan_one(exams.app, old_acta(), a_pdf())
    rooms = ["", ".csv", f"/{BASE}", f"/{BASE}/escaneo", f"/{BASE}/certificacion", f"/{BASE}/paginas/1.png"]
    for username in ("quimica", "decana", "docente", "maria"):
        visitor = exams.enter(username)
        assert {visitor.open(f"/examenes/antiguas{room}").status_code for room in rooms} == {404}, username
    assert what_was_read(exams) == set()
    assert exams.enter("jefa").open("/examenes/antiguas/2015-L0009-F0001").status_code == 404


@pytest.mark.req("R-53")
def test_the_inventory_is_a_table_and_an_empty_register_says_how_it_fills(exams: House) -> None:
    visitor = exams.enter("archivera")
    assert "Todavía no hay actas antiguas digitalizadas" in visitor.open("/examenes/antiguas").text
    assert "/examenes/antiguas" in visitor.open("/examenes").text
    for n in range(3):
        scan_one(exams.app, old_acta(f"2015-L0003-F001{n}", "=Curso largo"), a_pdf() + b"\n" * n)
    table = visitor.open("/examenes/antiguas.csv?q=F11")
    assert table.mimetype == "text/csv"
    (_heading, line) = table.text.splitlines()
    assert line.startswith("2015-L0003-F0011,3,11,'=Curso largo,2015-06-18,3,Original en papel,")
    assert visitor.open("/examenes/antiguas.csv").text.count("\n") == 4
    pages = visitor.open("/examenes/antiguas?desde=2015-L0003-F0011").text
    assert ("F0012" in pages, "F0010" in pages) == (True, False)


@pytest.mark.req("R-21")
def test_whoever_brings_a_certified_scan_is_told_that_it_is_one_and_which_counts(exams: House) -> None:
    first, second = a_pdf(), a_pdf() + b"\n"
    scan_one(exams.app, old_acta(), first)
    visitor = exams.visitor()

    def told(file: bytes) -> str:
        return visitor.send("/verificar", {"archivo": (io.BytesIO(file), "escaneo.pdf")}).text

    page = told(first)
    assert f"Es la copia digital certificada del acta antigua {BASE}" in page
    assert (CODES[1] in page, "Ñáñez" in page) == (True, False)
    scan_one(exams.app, old_acta(motivo="No se lee."), second)
    assert "después se escaneó otra vez: vale la nueva" in told(first)
    assert "que certificamos." in told(second)
    api = visitor.client.post("/api/v1/verification", data={"file": (io.BytesIO(second), "escaneo.pdf")}).json
    assert (api["answers"]["archive"]["state"], api["code"]) == ("ok", CODES[2])
