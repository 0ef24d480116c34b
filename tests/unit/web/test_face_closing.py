"""The page on which the office ends a stuck case: who sees it, what it says before, what everybody reads after."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from engine.actas.examen import move_acta
from engine.cases import FailJob, fail_job
from engine.history.case_file import find_case
from engine.storage.tables import job, mail
from tests.support import examen
from tests.support.face import House, complete, run_jobs

REASON = "Los libros de ese año se perdieron en el incendio."


@pytest.fixture
def number(house: House) -> str:
    """A request whose record cannot be read."""
    house.person("adan", "Adán", "Ñato", "administrador")
    filed = house.enter("maria").file()
    run_jobs(house)
    complete(house, filed, "revisar_admisibilidad", "rosa", admision="admitir", fuente_registro="sistema")
    return filed


def test_the_incident_leads_there_for_who_may_and_for_nobody_else(house: House, number: str) -> None:
    assert f"/casos/{number}/cierre" in house.enter("adan").open(f"/casos/{number}").text
    rosa = house.enter("rosa")
    assert f"/casos/{number}/cierre" not in rosa.open(f"/casos/{number}").text
    assert rosa.open(f"/casos/{number}/cierre").status_code == 403
    assert rosa.send(f"/casos/{number}/cierre", {"reason": REASON}).status_code == 403
    assert house.enter("tadeo").open(f"/casos/{number}/cierre").status_code == 404


def test_it_says_what_stops_the_case_and_takes_a_reason(house: House, number: str) -> None:
    adan = house.enter("adan")
    page = adan.open(f"/casos/{number}/cierre").text
    assert "Qué lo detiene" in page
    assert "Se le envía por correo" in page
    wrong = adan.send(f"/casos/{number}/cierre", {"reason": "  "})
    assert wrong.status_code == 422
    assert "Diga por qué se cierra" in wrong.text
    assert re.search(r'id="reason"[^>]*aria-invalid="true"', wrong.text)


def test_closed_everybody_reads_why(house: House, number: str) -> None:
    adan = house.enter("adan")
    done = adan.send(f"/casos/{number}/cierre", {"reason": REASON}, follow_redirects=True)
    assert "El trámite quedó cerrado" in done.text
    assert "archivada por la oficina" in done.text
    assert REASON in adan.open(f"/casos/{number}?ver=historia").text
    run_jobs(house)
    with house.app.database.read() as conn:
        letter = conn.execute(sa.select(mail).where(mail.c.subject.contains("Cerramos"))).one()
    assert letter.status == "sent"
    assert number in letter.subject
    assert REASON in letter.body
    theirs = house.enter("maria").open(f"/tramites/{number}").text
    assert "La oficina cerró el trámite sin terminarlo" in theirs
    assert REASON in theirs
    again = adan.open(f"/casos/{number}/cierre")
    assert "Este trámite ya terminó" in again.text
    assert "<textarea" not in again.text
    late = adan.send(f"/casos/{number}/cierre", {"reason": REASON})
    assert late.status_code == 409


def test_a_case_that_nothing_stops_offers_no_form(house: House) -> None:
    house.person("adan", "Adán", "Ñato", "administrador")
    filed = house.enter("maria").file()
    run_jobs(house)
    adan = house.enter("adan")
    page = adan.open(f"/casos/{filed}/cierre").text
    assert "Este trámite no está detenido" in page
    assert "<textarea" not in page
    refused = adan.send(f"/casos/{filed}/cierre", {"reason": REASON})
    assert refused.status_code == 409


@pytest.mark.req("R-33")
def test_it_names_the_actas_that_it_annuls_and_the_one_that_keeps_it_open(house: House, number: str) -> None:
    with house.app.database.read() as conn:
        case_id = find_case(conn, number).id
    first, second = examen.actas(house.app.database, examen.open_mesa(house.app.database, 22, case_id=case_id))
    adan = house.enter("adan")
    page = adan.open(f"/casos/{number}/cierre").text
    assert "Se anulan 2 actas de examen" in page
    assert f"{first.base}, {second.base}" in page
    examen.bring(house.app.database, second.id, "bloqueada")
    page = adan.open(f"/casos/{number}/cierre").text
    assert "Tiene actas bloqueadas sin publicar" in page
    assert "<textarea" not in page
    refused = adan.send(f"/casos/{number}/cierre", {"reason": REASON})
    assert refused.status_code == 409
    assert examen.read_acta(house.app.database, first.id).state == "generada"


def test_a_signed_acta_that_ends_with_its_case_is_not_told_to_stay(house: House, number: str) -> None:
    database = house.app.database
    with database.read() as conn:
        case_id = find_case(conn, number).id
    (one,) = examen.actas(database, examen.open_mesa(database, 1, case_id=case_id))
    examen.bring(database, one.id, "a_firma")
    with database.write() as conn:
        examen.signed_document(conn, "constancia", "constancia", case_id=case_id)
        signed = examen.signed_document(conn, one.base, case_id=case_id)
        move_acta(conn, one.id, "firmada", job_key="f", by=None, at=examen.AT, document_id=signed)
    page = house.enter("adan").open(f"/casos/{number}/cierre").text
    assert "Se anula 1 acta de examen" in page
    assert "Ya emitió 1 documento" in page


def test_a_letter_that_never_leaves_is_told_and_keeps_nothing_open(house: House) -> None:
    """It is no step of the diagram: the case's page says so, and the case is not one that the office ends."""
    house.person("adan", "Adán", "Ñato", "administrador")
    number = house.enter("maria").file()
    run_jobs(house)
    database = house.app.database
    with database.write() as conn:
        case_id = find_case(conn, number).id
        row = conn.execute(sa.select(job).where(job.c.case_id == case_id)).first()
        letter = {
            "key": "nota",
            "status": "queued",
            "task_id": case_id,
            "element": "mensaje-3",
            "operation": "send_mail",
        }
        conn.execute(job.insert().values({**row._mapping, **letter}))
    fail_job(FailJob("nota", "No es una dirección de correo.", True, 1), house.app.engine)
    adan = house.enter("adan")
    assert "No se pudo: Enviar un correo" in adan.open(f"/casos/{number}").text
    assert "Este trámite no está detenido" in adan.open(f"/casos/{number}/cierre").text
    assert adan.send(f"/casos/{number}/cierre", {"reason": REASON}).status_code == 409
    assert house.enter("maria").open(f"/tramites/{number}").status_code == 200


def test_a_message_that_nobody_takes_has_its_words(house: House, number: str) -> None:
    with house.app.database.write() as conn:
        case_id = find_case(conn, number).id
        row = conn.execute(sa.select(job).where(job.c.case_id == case_id, job.c.status == "failed")).first()
        thrown = {"status": "queued", "task_id": case_id, "element": "acta_bloqueada", "operation": "deliver_message"}
        conn.execute(job.insert().values({**row._mapping, "key": "aviso", **thrown}))
    fail_job(FailJob("aviso", "Nadie lo espera.", True, 1), house.app.engine)
    adan = house.enter("adan")
    assert "Avisar a otro trámite" in adan.open(f"/casos/{number}").text
    adan.send(f"/casos/{number}/cierre", {"reason": REASON})
    assert "Avisar a otro trámite" in adan.open(f"/casos/{number}").text, "among the closed incidents too"
