"""Somebody else's case, task, draft or document does not exist, whatever the address and whatever the door."""

from __future__ import annotations

import io
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.cases import CompleteTask, WithdrawCase, complete_task, withdraw_case
from engine.errors import CartularioError, InvalidAnswers, NotFound
from engine.storage.tables import document
from tests.integration.hard_input.front_desk import ANSWERS, FrontDesk

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF"


def test_a_stranger_is_sent_to_the_door_and_another_student_finds_nothing(desk: FrontDesk) -> None:
    case = desk.start()
    task = desk.open_task(case.case_id)
    reads = [
        f"/tramites/{case.number}",
        f"/tramites/{case.number}/recibido",
        f"/tramites/{case.number}/retirar",
        f"/tramites/{case.number}/responder/{task}",
        f"/tramites/{case.number}/documentos/{uuid4()}",
        f"/casos/{case.number}",
        f"/casos/documentos/{uuid4()}",
        f"/bandeja/{task}",
        f"/diagramas/{desk.app.definitions.current('solicitar_certificacion').id}.bpmn",
    ]
    writes = [
        (f"/tramites/{case.number}/retirar", {"motivo": "porque sí"}),
        (f"/tramites/{case.number}/mensaje", {"mensaje": "hola"}),
        (f"/tramites/{case.number}/responder/{task}", {}),
        (f"/bandeja/{task}/tomar", {}),
        (f"/bandeja/{task}/soltar", {}),
        (f"/bandeja/{task}/posponer", {"hasta": "2026-12-01"}),
        (f"/bandeja/{task}/asignar", {"a": str(desk.people["ajena"])}),
        (f"/bandeja/{task}/borrador", {"admision": "admitir"}),
        (f"/bandeja/{task}/comentarios", {"text": "hola"}),
        (f"/bandeja/{task}/completar", {"admision": "admitir"}),
        (f"/casos/{case.number}/plazos", {"reason": "porque sí"}),
        (f"/incidentes/{uuid4()}/reintentar", {"reason": "porque sí"}),
    ]
    nobody, other = desk.client(), desk.client("ajena")
    for address in reads:
        assert nobody.get(address).status_code == 302, address
        assert other.get(address).status_code == 404, address
    for address, fields in writes:
        assert nobody.post(address, data=fields).status_code == 302, address
        assert other.post(address, data=fields).status_code == 404, address
    assert case.number not in other.get("/tramites").get_data(as_text=True)


def test_the_owner_sees_the_case_and_none_of_the_office(desk: FrontDesk) -> None:
    case = desk.start()
    task = desk.open_task(case.case_id)
    mine = desk.client("maria")
    assert mine.get(f"/tramites/{case.number}").status_code == 200
    for address in (f"/casos/{case.number}", f"/bandeja/{task}", "/bandeja", "/casos"):
        assert mine.get(address).status_code == 404, address
    assert mine.post(f"/bandeja/{task}/completar", data={"admision": "admitir"}).status_code == 404


@pytest.mark.parametrize("who", ["maria", "ajena", "rosa"])
def test_the_audit_is_for_auditors(desk: FrontDesk, who: str) -> None:
    case = desk.start()
    for address in (
        "/auditoria",
        f"/auditoria/{case.number}",
        f"/auditoria/{case.number}/eventos.csv",
        "/auditoria/sellos",
    ):
        assert desk.client(who).get(address).status_code == 403, address
    assert desk.client(who).post(f"/auditoria/{case.number}/repeticion").status_code == 403


def test_an_auditor_reads_and_changes_nothing(desk: FrontDesk) -> None:
    case = desk.start()
    task = desk.open_task(case.case_id)
    auditor = desk.client("auditora")
    assert auditor.get(f"/auditoria/{case.number}").status_code == 200
    assert auditor.post(f"/bandeja/{task}/completar", data={"admision": "admitir"}).status_code == 404
    assert auditor.post(f"/bandeja/{task}/tomar").status_code in (403, 404)
    assert auditor.post(f"/bandeja/{task}/comentarios", data={"text": "hola"}).status_code == 404


def test_an_export_is_never_a_page(desk: FrontDesk) -> None:
    case = desk.start(destino="<script>alert(1)</script>")
    auditor = desk.client("auditora")
    assert auditor.get(f"/auditoria/{case.number}/eventos.html").status_code == 404
    for kind in ("csv", "json"):
        answer = auditor.get(f"/auditoria/{case.number}/eventos.{kind}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_engine_itself_refuses_whoever_does_not_hold_the_task(desk: FrontDesk) -> None:
    case = desk.start()
    task = desk.open_task(case.case_id)
    for name in ("maria", "ajena", "general", "auditora"):
        with pytest.raises(NotFound):
            complete_task(CompleteTask(task, desk.people[name], {"admision": "admitir"}, uuid4()), desk.app.engine)
        if name != "maria":
            with pytest.raises(NotFound):
                withdraw_case(WithdrawCase(case.case_id, desk.people[name], "motivo", uuid4()), desk.app.engine)


def test_a_draft_is_its_writers_alone(desk: FrontDesk) -> None:
    address = desk.draft_of(desk.client("maria"))
    for path in (address, f"{address}/revisar"):
        assert desk.client("ajena").get(path).status_code == 404, path
    for path in (address, f"{address}/borrador", f"{address}/enviar"):
        assert desk.client("ajena").post(path, data={"destino": "x"}).status_code == 404, path
    desk.client("ajena").post(f"{address}/borrar")
    assert desk.client("maria").get(address).status_code == 200


def uploaded(desk: FrontDesk, username: str) -> UUID:
    client = desk.client(username)
    client.post(
        desk.draft_of(client),
        data={"adjuntos": (io.BytesIO(PDF), "cedula.pdf"), "_accion": "guardar"},
        content_type="multipart/form-data",
    )
    with desk.app.database.read() as conn:
        query = sa.select(document.c.id).where(document.c.created_by == desk.people[username])
        return UUID(str(conn.execute(query).scalar_one()))


def test_a_file_of_another_person_cannot_be_handed_in_as_ones_own(desk: FrontDesk) -> None:
    theirs = uploaded(desk, "maria")
    with pytest.raises(InvalidAnswers) as refused:
        desk.start("ajena", adjuntos=[str(theirs)])
    assert "adjuntos" in refused.value.errors
    mine = desk.start("maria", adjuntos=[str(theirs)])
    address = f"/tramites/{mine.number}/documentos/{theirs}"
    assert desk.client("maria").get(address).data == PDF
    assert desk.client("ajena").get(address).status_code == 404
    other = desk.start("ajena")
    assert desk.client("ajena").get(f"/tramites/{other.number}/documentos/{theirs}").status_code == 404


def test_a_service_for_students_is_refused_to_others_also_behind_the_page(desk: FrontDesk) -> None:
    assert desk.client("rosa").get("/servicios/solicitar_certificacion/solicitud").status_code == 403
    with pytest.raises(CartularioError) as refused:
        desk.start("rosa", **ANSWERS)
    assert refused.value.status == 403
