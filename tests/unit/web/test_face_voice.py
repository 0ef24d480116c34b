"""What requesters say: complaints with an answer, one mark at delivery, messages that are answered by mail."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.cases import RateCase, StartCase, rate_case, start_case
from engine.config import ROOT
from engine.definitions import Bundle, publish
from engine.documents import release, store_document
from engine.errors import NotAllowed, NotFound
from engine.history.case_file import find_case, mails_of
from engine.history.complaints import count_complaints
from engine.history.events import read_events
from engine.history.opinions import satisfaction_of
from engine.history.replay import replay
from engine.storage.tables import term
from tests.support.face import ANSWERS, MONDAY, SERVICE, House, Visitor, a_pdf, complete, run_jobs

COMPLAINT = {"clase": "queja", "texto": "Nadie me supo decir quién tenía mi trámite."}
ANSWER = {"accion": "responder", "procedencia": "fundada", "respuesta": "Tiene razón, le pedimos disculpas."}


def add_process(house: House, process: str) -> None:
    with house.app.database.write() as conn:
        publish(conn, Bundle.read(ROOT / "bpmn", ROOT / "forms", process), None, MONDAY, house.app.operations)


@pytest.fixture
def office(house: House) -> House:
    add_process(house, "atender_queja")
    house.person("jefa", "Ana Lucía", "Villacís Arteaga", "jefe_secretaria")
    house.person("teo", "Teodoro", "Villacís Sagñay", "auditor")
    return house


def complain(who: Visitor, address: str) -> str:
    """→ the complaint's number."""
    draft = who.open(address).location
    assert who.send(draft, COMPLAINT).location == f"{draft}/revisar"
    return str(who.send(f"{draft}/enviar").location.split("/")[2])


def head_of(house: House, number: str):
    with house.app.database.read() as conn:
        return find_case(conn, number)


def deliver(house: House, number: str) -> UUID:
    """The secretary returns it as impossible; a document was handed over all the same → the case's id."""
    complete(house, number, "revisar_admisibilidad", "rosa", admision="rechazar", motivo_admision="No consta.")
    head = head_of(house, number)
    with house.app.database.write() as conn:
        made = store_document(
            conn, house.app.archive, case_id=head.id, kind="issued", name="copia.pdf", title="Copia",
            media_type="application/pdf", data=a_pdf(), at=MONDAY,
        )  # fmt: skip
        release(conn, [made.id], MONDAY)
    return head.id


# --- complaints ------------------------------------------------------------------------------------------------------


def test_a_complaint_is_answered_within_its_days_and_shown_both_ways(office: House, maria: Visitor) -> None:
    about = maria.file()
    run_jobs(office)
    number = complain(maria, f"/tramites/{about}/queja")
    run_jobs(office)
    assert number.startswith("QS-2026-")
    with office.app.database.read() as conn:
        head = find_case(conn, number)
        days = list(conn.scalars(sa.select(term.c.days).where(term.c.case_id == head.id)))
    assert (head.about_id, days) == (head_of(office, about).id, [7])
    complete(office, number, "responder_queja", "jefa", **ANSWER)
    assert "Tiene razón, le pedimos disculpas." in maria.open(f"/tramites/{number}").text
    seen = maria.open(f"/tramites/{about}").text
    assert f'href="/tramites/{number}"' in seen
    assert "Tiene razón" in seen
    for who, place in (("jefa", "casos"), ("teo", "auditoria")):
        visitor = office.enter(who)
        assert f'href="/{place}/{number}"' in visitor.open(f"/{place}/{about}").text
        assert f'href="/{place}/{about}"' in visitor.open(f"/{place}/{number}").text
    with office.app.database.read() as conn:
        mails = {mail.subject for mail in mails_of(conn, head.id)}
    assert mails == {f"Respuesta a lo que nos escribió: {number}", f"Recibimos lo que nos escribió: {number}"}


def test_the_service_complained_about_says_in_how_many_days(office: House, maria: Visitor) -> None:
    bundle = Bundle.read(ROOT / "bpmn", ROOT / "forms", SERVICE)
    toml = bundle.files["proceso.toml"].decode()
    changed = toml.replace("[servicio]", "[servicio]\nqueja_dias = 3", 1) if "[servicio]" in toml else ""
    changed = changed or f"{toml}\n[servicio]\nqueja_dias = 3\n"
    hasty = Bundle(SERVICE, {**bundle.files, "proceso.toml": changed.encode()})
    with office.app.database.write() as conn:
        publish(conn, hasty, None, MONDAY, office.app.operations)
    number = complain(maria, f"/tramites/{maria.file()}/queja")
    with office.app.database.read() as conn:
        head = find_case(conn, number)
        assert conn.scalar(sa.select(term.c.days).where(term.c.case_id == head.id)) == 3


def test_whom_it_may_concern_does_not_have_the_complaint_in_their_inbox(office: House, maria: Visitor) -> None:
    number = complain(maria, "/sugerencias")
    run_jobs(office)
    assert number not in office.enter("rosa").open("/bandeja?bandeja=grupos").text
    assert number in office.enter("jefa").open("/bandeja?bandeja=grupos").text


def test_nobody_complains_about_somebody_elses_case(office: House, maria: Visitor) -> None:
    about = maria.file()
    assert office.enter("tadeo").open(f"/tramites/{about}/queja").status_code == 404
    command = StartCase(
        "atender_queja", office.people["tadeo"], {**COMPLAINT, "adjuntos": []}, uuid4(), about=head_of(office, about).id
    )
    with pytest.raises(NotFound):
        start_case(command, office.app.engine)


def test_the_desk_writes_down_what_somebody_says_of_their_case(office: House, maria: Visitor) -> None:
    about = maria.file()
    run_jobs(office)
    rosa = office.enter("rosa")
    rosa.open("/mostrador")
    draft = rosa.send(f"/mostrador/personas/{office.people['maria']}/queja", {"tramite": about}).location
    assert "A nombre de" in rosa.open(draft).text
    rosa.send(draft, COMPLAINT)
    number = rosa.send(f"{draft}/enviar").location.split("/")[3]
    head = head_of(office, number)
    assert (head.requester_id, head.filed_by_id) == (office.people["maria"], office.people["rosa"])
    assert head.about_id == head_of(office, about).id


# --- the one question ------------------------------------------------------------------------------------------------


def test_the_mark_is_asked_at_delivery_once_and_counted(office: House, maria: Visitor) -> None:
    number = maria.file()
    run_jobs(office)
    assert "¿Cómo fue la atención?" not in maria.open(f"/tramites/{number}").text
    assert maria.send(f"/tramites/{number}/opinion", {"nota": "5"}).status_code == 409
    case_id = deliver(office, number)
    assert "¿Cómo fue la atención?" in maria.open(f"/tramites/{number}").text
    assert maria.send(f"/tramites/{number}/opinion", {"nota": "6"}).status_code == 422
    assert maria.send(f"/tramites/{number}/opinion", {"nota": "4", "comentario": "Rápido"}).status_code == 302
    assert maria.send(f"/tramites/{number}/opinion", {"nota": "1"}).status_code == 302
    assert "Puso 4 de 5" in maria.open(f"/tramites/{number}/opinion").text
    engine = office.app
    with engine.database.read() as conn:
        day = timedelta(days=1)
        told = satisfaction_of(conn, MONDAY, MONDAY + day)
        assert (told.average, told.answers) == (4.0, 1)
        assert satisfaction_of(conn, MONDAY, MONDAY + day, "solicitar_certificacion").answers == 1
        assert satisfaction_of(conn, MONDAY, MONDAY + day, "otro").average is None
        assert satisfaction_of(conn, MONDAY + day, MONDAY + 2 * day).answers == 0
        assert read_events(conn, case_id)[-1].kind == "satisfaction_given"
        assert replay(conn, engine.definitions, case_id, engine.config.zone).identical
    assert "4 de 5 · «Rápido»" in office.enter("rosa").open(f"/casos/{number}").text


def test_the_office_does_not_mark_itself(office: House, maria: Visitor) -> None:
    number = maria.file()
    run_jobs(office)
    case_id = deliver(office, number)
    for who in ("rosa", "tadeo"):
        with pytest.raises(NotFound):
            rate_case(RateCase(case_id, office.people[who], 5), office.app.engine)


# --- messages --------------------------------------------------------------------------------------------------------


def test_an_answer_to_a_message_is_read_and_leaves_by_mail_and_a_comment_does_not(
    office: House, maria: Visitor
) -> None:
    number = maria.file()
    run_jobs(office)
    maria.send(f"/tramites/{number}/mensaje", {"mensaje": "¿En qué va?"})
    rosa = office.enter("rosa")
    task = re.search(r"/bandeja/([0-9a-f-]{36})", rosa.open("/bandeja?bandeja=grupos").text)
    assert task
    comments = f"/bandeja/{task[1]}/comentarios"
    rosa.open(f"/bandeja/{task[1]}?pestana=comentarios")
    rosa.send(comments, {"text": "Entre nosotros", "request_id": str(uuid4())})
    once = str(uuid4())
    for _ in range(2):
        rosa.send(comments, {"text": "Mañana está.", "para": "solicitante", "request_id": once})
    run_jobs(office)
    seen = maria.open(f"/tramites/{number}").text
    assert seen.count("Mañana está.") == 1
    assert "Entre nosotros" not in seen
    with office.app.database.read() as conn:
        sent = [mail for mail in mails_of(conn, head_of(office, number).id) if "Mañana está." in mail.body]
    assert [(mail.status, mail.recipients) for mail in sent] == [("sent", ("maria@une.example",))]
    assert "Rosa Elvira Peñafiel Güemes le escribe" in sent[0].body


@pytest.mark.req("C-26")
def test_a_student_gets_403_for_a_copy_of_an_acta(house: House, maria: Visitor) -> None:
    add_process(house, "solicitar_copia_acta")
    assert maria.open("/servicios/solicitar_copia_acta/solicitud").status_code == 403
    with pytest.raises(NotAllowed):
        start_case(StartCase("solicitar_copia_acta", house.people["maria"], ANSWERS, uuid4()), house.app.engine)
    assert house.enter("oficina").open("/servicios/solicitar_copia_acta/solicitud").status_code == 302


def test_complaints_are_counted_by_month_kind_and_whether_they_were_answered_in_time(
    office: House, maria: Visitor
) -> None:
    first, _second = complain(maria, "/sugerencias"), complain(maria, "/sugerencias")
    run_jobs(office)
    complete(office, first, "responder_queja", "jefa", **ANSWER)
    zone, year = office.app.config.zone, timedelta(days=365)
    with office.app.database.read() as conn:
        now = count_complaints(conn, MONDAY, MONDAY + year, MONDAY, zone)
        later = count_complaints(conn, MONDAY, MONDAY + year, MONDAY + timedelta(days=30), zone)
        none = count_complaints(conn, MONDAY + timedelta(days=1), MONDAY + year, MONDAY, zone)
    assert [(one.month, one.kind, one.received, one.on_time, one.late, one.waiting) for one in now] == [
        (202611, "queja", 2, 1, 0, 1)
    ]
    assert [(one.on_time, one.late) for one in later] == [(1, 1)]
    assert none == ()
