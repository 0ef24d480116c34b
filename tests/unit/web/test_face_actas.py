"""The register of session actas on the face: who sees what of it, reservations, intake, and the way to a request."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.actas import acta_by_reference, list_reservations
from engine.config import ROOT
from engine.definitions import Bundle, publish
from engine.storage.tables import read_log
from tests.support.face import MONDAY, House, Visitor, a_pdf
from web.demo.actas import furnish_actas

LIST = "/actas-de-sesion"
HEADING = "organo;numero;fecha;titulo;aprobada;archivo\n"


@pytest.fixture
def register(house: House) -> House:
    furnish_actas(house.app)
    return house


def load(visitor: Visitor, index: str, *pdfs: tuple[str, bytes], **more: str) -> str:
    visitor.open(f"{LIST}/cargar")
    data = {"indice": (io.BytesIO(index.encode()), "indice.csv"), "pdf": [(io.BytesIO(d), n) for n, d in pdfs], **more}
    return visitor.send(f"{LIST}/cargar", data, content_type="multipart/form-data").text


@pytest.mark.req("C-26")
@pytest.mark.parametrize("path", [LIST, f"{LIST}/CGA-2025-3", f"{LIST}/CGA-2025-3/original", f"{LIST}/cargar"])
def test_a_student_is_told_that_the_register_is_not_for_them(register: House, path: str) -> None:
    assert register.enter("maria").open(path).status_code == 403


@pytest.mark.req("C-26", "C-28")
def test_the_administrative_profile_searches_what_is_not_reserved_and_never_reads_a_file(register: House) -> None:
    visitor = register.enter("oficina")
    found = visitor.open(f"{LIST}?q=titulaciones&organo=OCAS&desde=2024-07-01&hasta=2024-07-31&numero=7").text
    assert "OCAS-2024-7" in found
    assert "OCAS-2024-6" not in found
    assert "OCAS-2024-9" not in visitor.open(f"{LIST}?organo=OCAS").text
    assert visitor.open(f"{LIST}/OCAS-2024-9").status_code == 404
    assert "Custodia" not in visitor.open(f"{LIST}/OCAS-2024-7").text
    for forbidden in (f"{LIST}/OCAS-2024-7/original", f"{LIST}/cargar"):
        assert visitor.open(forbidden).status_code == 403
    assert (
        visitor.send(f"{LIST}/OCAS-2024-7/reserva", {"kind": "whole", "reason": "Porque sí, señor"}).status_code == 403
    )


@pytest.mark.req("C-28")
def test_from_an_acta_that_was_found_the_request_begins_already_written(register: House) -> None:
    bundle = Bundle.read(ROOT / "bpmn", ROOT / "forms", "solicitar_copia_acta")
    with register.app.database.write() as conn:
        publish(conn, bundle, None, MONDAY, register.app.operations)
    visitor = register.enter("oficina")
    assert "Pedir copia certificada" in visitor.open(f"{LIST}/CGA-2025-5").text
    begun = visitor.send(f"{LIST}/CGA-2025-5/pedir").location
    page = visitor.open(begun).text
    assert 'value="CGA-2025-5"' in page
    assert 'value="2025-04-24"' in page
    assert visitor.send(f"{LIST}/CGA-2025-5/pedir").location == begun, "the same one, not another draft"
    assert visitor.send(f"{LIST}/OCAS-2024-9/pedir").status_code == 404
    assert register.enter("maria").send(f"{LIST}/CGA-2025-5/pedir").status_code == 403


def test_who_keeps_the_register_sees_all_of_it_and_reads_the_originals(register: House) -> None:
    visitor = register.enter("rosa")
    assert "OCAS-2024-9" in visitor.open(f"{LIST}?reservadas=si").text
    assert "CGA-2025-3" not in visitor.open(f"{LIST}?reservadas=si").text
    shown = visitor.open(f"{LIST}/CGA-2025-3/original")
    assert shown.data.startswith(b"%PDF-")
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "Pedir copia certificada" not in visitor.open(f"{LIST}/CGA-2025-3").text


def test_who_opens_an_original_is_on_record_and_those_who_keep_the_register_see_it(register: House) -> None:
    visitor = register.enter("rosa")
    assert "Quién abrió el original" not in visitor.open(f"{LIST}/CGA-2025-3").text
    for _ in range(2):  # a page that is reloaded is the same reading
        visitor.open(f"{LIST}/CGA-2025-3/original")
    register.enter("oficina").open(f"{LIST}/CGA-2025-3/original")  # is refused: nothing was read
    with register.app.database.read() as conn:
        acta = acta_by_reference(conn, "CGA-2025-3")
        [row] = conn.execute(sa.select(read_log)).all()
    assert (row.person_id, row.acta_id, row.case_id) == (register.people["rosa"], acta.id, None)
    assert row.what == "Abrió el original de CGA-2025-3"
    register.clock.advance(timedelta(minutes=11))
    visitor = register.enter("rosa")
    visitor.open(f"{LIST}/CGA-2025-3/original")
    shown = visitor.open(f"{LIST}/CGA-2025-3").text.partition("Quién abrió el original")[2]
    assert shown.count("<li>") >= 2
    assert "Quién abrió el original" not in register.enter("oficina").open(f"{LIST}/CGA-2025-3").text


def test_an_acta_is_reserved_with_its_legal_reason_and_the_change_stays(register: House) -> None:
    visitor = register.enter("rosa")
    visitor.open(f"{LIST}/CGA-2025-3")
    refused = visitor.send(f"{LIST}/CGA-2025-3/reserva", {"kind": "partial", "pages": "9", "reason": "no"})
    assert refused.status_code == 422
    assert "no son páginas de esta acta" in refused.text
    assert "motivo legal" in refused.text
    reason = "LOTAIP, art. 17: seguridad del campus"
    visitor.send(f"{LIST}/CGA-2025-3/reserva", {"kind": "whole", "pages": "", "reason": reason, "until": "2027-03-31"})
    assert register.enter("oficina").open(f"{LIST}/CGA-2025-3").status_code == 404
    register.clock.advance(timedelta(minutes=5))
    visitor.send(f"{LIST}/CGA-2025-3/reserva", {"kind": "none", "reason": "Resolución 12 que levanta la reserva"})
    assert register.enter("oficina").open(f"{LIST}/CGA-2025-3").status_code == 200
    with register.app.database.read() as conn:
        changes = list_reservations(conn, acta_by_reference(conn, "CGA-2025-3").id)
    assert [(one.kind, one.by) for one in changes] == [
        ("none", register.people["rosa"]),
        ("whole", register.people["rosa"]),
    ]
    assert "LOTAIP, art. 17" in visitor.open(f"{LIST}/CGA-2025-3").text


@pytest.mark.req("C-17", "C-28")
def test_the_intake_tells_row_by_row_and_a_new_body_is_at_once_in_the_catalogue(register: House) -> None:
    visitor = register.enter("rosa")
    visitor.open(f"{LIST}/cargar")
    assert (
        "Comité de Ética"
        in visitor.send(f"{LIST}/organos", {"code": "etica", "name": "Comité de Ética"}, follow_redirects=True).text
    )
    assert "letras mayúsculas" in visitor.send(f"{LIST}/organos", {"code": "1-2", "name": "x"}).text
    index = f"{HEADING}ETICA;1;2024-03-01;Instalación;2024-03-15;uno.pdf\nETICA;2;2024-04-01;Otra;2024-04-15;dos.pdf\n"
    looked = load(visitor, index, ("uno.pdf", a_pdf()), revisar="si")
    assert "no se cargó nada" in looked
    assert "No vino el archivo «dos.pdf»" in looked
    told = load(visitor, index, ("uno.pdf", a_pdf()), ("suelto.pdf", b"%PDF-"))
    assert "Se cargó 1 acta" in told
    assert "suelto.pdf" in told
    assert "ETICA-2024-1" in visitor.open(f"{LIST}?organo=ETICA").text
    assert "Ya está en el registro" in load(visitor, index, ("uno.pdf", a_pdf()))
    assert "le falta la columna «aprobada»" in load(visitor, "organo;numero;fecha;titulo;archivo\nA;1;2;3;4\n")
