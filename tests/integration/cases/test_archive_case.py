"""The office ends a case that an incident keeps where it is: who may, when, what ends with it, and what it leaves."""

from __future__ import annotations

import json
import uuid
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine import people
from engine.actas import examen as exam
from engine.cases import (
    ArchiveCase,
    FailJob,
    NotStuck,
    StillWorking,
    archive_case,
    fail_job,
    start_case,
)
from engine.cases.start_case import StartCase
from engine.errors import CaseClosed, Conflict, InvalidAnswers, NotAllowed, NotFound, RequestReused
from engine.history.timeline import entries, milestones
from engine.storage.tables import acta, event, incident, job, wait
from tests.support import examen
from tests.support.banco import files
from tests.support.case_office import MONDAY, CaseOffice

REASON = "El registro de esa carrera se perdió y no hay de dónde sacarlo."


@pytest.fixture
def stuck(office: CaseOffice) -> UUID:
    """A case whose operation failed for good, and may only be retried."""
    return _stuck(office, office.start().case_id)


def _stuck(office: CaseOffice, case_id: UUID) -> UUID:
    office.complete(office.open_tasks(case_id)["presentar"], "maria")
    office.complete(office.open_tasks(case_id)["comprobar"])
    key = office.one(sa.select(job.c.key).where(job.c.case_id == case_id)).key
    fail_job(FailJob(key, "El registro no existe", True, 1), office.app.engine)
    return case_id


def _close(office: CaseOffice, case_id: UUID, who: str = "admin", reason: str = REASON, request: UUID | None = None):
    command = ArchiveCase(case_id, office.people[who], reason, request or uuid.uuid4())
    return archive_case(command, office.app.engine)


def test_it_ends_with_its_reason_and_nothing_of_it_stays_open(office: CaseOffice, stuck: UUID) -> None:
    receipt = _close(office, stuck, reason=f"  {REASON} ")
    assert (receipt.status, receipt.outcome) == ("completed", "archivada_por_la_oficina")
    row = office.case(stuck)
    assert (row.status, row.outcome, row.closed_at) == ("completed", "archivada_por_la_oficina", MONDAY)
    assert not office.open_tasks(stuck)
    assert not office.all(sa.select(wait).where(wait.c.case_id == stuck))
    assert office.one(sa.select(incident.c.status)).status == "obsolete"
    last = office.all(sa.select(event).where(event.c.case_id == stuck).order_by(event.c.n))[-1]
    assert (last.kind, last.actor, json.loads(last.data)["reason"]) == ("case_archived", office.people["admin"], REASON)
    assert office.replayed(stuck).identical
    with pytest.raises(CaseClosed):
        _close(office, stuck)


def test_an_open_task_of_another_branch_ends_with_it(office: CaseOffice) -> None:
    case_id = office.start().case_id
    office.complete(office.open_tasks(case_id)["presentar"], "maria")
    office.complete(office.open_tasks(case_id)["comprobar"])
    office.run_jobs()
    with office.app.database.write() as conn:  # as one that failed beside two open tasks
        conn.execute(job.update().where(job.c.case_id == case_id).values(status="queued"))
    fail_job(FailJob(office.one(sa.select(job.c.key)).key, "Falló", True, 1), office.app.engine)
    assert set(office.open_tasks(case_id)) == {"legal", "finanzas"}
    _close(office, case_id)
    assert not office.open_tasks(case_id)
    assert office.replayed(case_id).identical


def test_who_asked_for_it_is_told_why(office: CaseOffice) -> None:
    office.publish({**files(), "_base/cierre.txt": b"Asunto: Cerramos {{ numero }}\n\n{{ motivo }}\n"})
    case_id = _stuck(office, office.start().case_id)
    _close(office, case_id)
    letter = office.one(sa.select(job).where(job.c.operation == "send_mail"))
    assert letter.parameters == {"template": "_base/cierre.txt", "to": "solicitante", "data": {"motivo": REASON}}
    with office.app.database.read() as conn:
        definition = office.app.definitions.get(office.case(case_id).version_id)
        told = milestones(conn, case_id, definition.spec.elements)[-1]
        said = entries(conn, case_id, definition.spec.elements)[-1]
    assert (told.text, told.detail) == ("La oficina cerró el trámite sin terminarlo", REASON)
    assert (said.what, said.who, said.detail) == ("Cerró el trámite sin terminarlo", "Güemes, Admin", REASON)


def test_a_version_of_before_tells_it_in_the_words_it_has(office: CaseOffice) -> None:
    office.publish({**files(), "_base/mensaje.txt": b"Asunto: {{ numero }}\n\n{{ mensaje }}\n"})
    _close(office, _stuck(office, office.start().case_id))
    letter = office.one(sa.select(job).where(job.c.operation == "send_mail"))
    assert letter.parameters["template"] == "_base/mensaje.txt"
    assert REASON in letter.parameters["data"]["mensaje"]


def test_only_who_mends_what_the_diagram_cannot_may_do_it(office: CaseOffice, stuck: UUID) -> None:
    with pytest.raises(NotAllowed, match="Jefatura"):
        _close(office, stuck, "rosa")  # retries it, and does not end it
    with pytest.raises(NotFound):
        archive_case(ArchiveCase(stuck, office.maria, REASON, uuid.uuid4()), office.app.engine)
    with office.app.database.write() as conn:
        people.grant_role(conn, office.people["tadeo"], "dueno_proceso", MONDAY.date())
    assert office.case(stuck).status == "open"
    assert _close(office, stuck, "tadeo").status == "completed"


def test_nobody_ends_their_own_request(office: CaseOffice) -> None:
    with office.app.database.write() as conn:
        people.update_person(conn, office.people["admin"], profile="estudiante")
    begun = start_case(StartCase("banco", office.people["admin"], {}, uuid.uuid4()), office.app.engine)
    office.complete(begun.opened[0], "admin")
    office.complete(office.open_tasks()["comprobar"])
    fail_job(FailJob(office.one(sa.select(job.c.key)).key, "No", True, 1), office.app.engine)
    with pytest.raises(NotAllowed, match="propio"):
        _close(office, begun.case_id)
    assert office.case(begun.case_id).status == "open"


def test_a_case_that_nothing_stops_is_not_ended_so(office: CaseOffice) -> None:
    case_id = office.start().case_id
    with pytest.raises(NotStuck):
        _close(office, case_id)


def test_nor_one_of_which_a_step_is_under_way(office: CaseOffice, stuck: UUID) -> None:
    row = office.one(sa.select(job).where(job.c.case_id == stuck))
    with office.app.database.write() as conn:
        conn.execute(job.insert().values({**row._mapping, "key": "otro", "status": "queued", "task_id": uuid.uuid4()}))
    with pytest.raises(StillWorking):
        _close(office, stuck)


@pytest.mark.parametrize("reason", ["", "  \n", "a" * 1001, "a\0b"])
def test_it_takes_a_reason(office: CaseOffice, stuck: UUID, reason: str) -> None:
    with pytest.raises(InvalidAnswers):
        _close(office, stuck, reason=reason)
    assert office.case(stuck).status == "open"


def test_sent_twice_it_is_done_once(office: CaseOffice, stuck: UUID) -> None:
    request = uuid.uuid4()
    assert _close(office, stuck, request=request) == _close(office, stuck, request=request)
    other = _stuck(office, office.start().case_id)
    with pytest.raises(RequestReused):
        _close(office, other, request=request, reason=" ")
    assert office.kinds(stuck).count("case_archived") == 1


@pytest.mark.req("R-33")
def test_its_actas_are_annulled_with_it_for_the_same_reason(office: CaseOffice, stuck: UUID) -> None:
    app = office.app
    first, second = examen.actas(app.database, examen.open_mesa(app.database, 22, case_id=stuck))
    (other,) = examen.actas(app.database, examen.open_mesa(app.database, [examen.student(900)], codigo="P-9"))
    examen.bring(app.database, first.id, "en_control")
    with app.database.write() as conn:
        exam.move_acta(conn, second.id, "anulada", job_key="x", by=None, at=MONDAY, note="Antes, por otra cosa")
    _close(office, stuck)
    with app.database.read() as conn:
        step, earlier = exam.steps_of(conn, first.id)[-1], exam.steps_of(conn, second.id)[-1]
        assert exam.grades_of(conn, first.id) == []
    assert (step.to, step.note, step.by) == ("anulada", REASON, office.people["admin"])
    assert earlier.note == "Antes, por otra cosa"
    assert examen.read_acta(app.database, other.id).state == "generada", "of another mesa"
    last = office.all(sa.select(event).where(event.c.case_id == stuck).order_by(event.c.n))[-1]
    assert json.loads(last.data)["annulled"] == [first.base]
    assert office.replayed(stuck).identical


@pytest.mark.req("R-33")
def test_a_locked_acta_that_is_not_published_holds_it_open(office: CaseOffice, stuck: UUID) -> None:
    app = office.app
    first, second = examen.actas(app.database, examen.open_mesa(app.database, 22, case_id=stuck))
    examen.bring(app.database, second.id, "bloqueada")
    with pytest.raises(Conflict, match=f"bloqueadas.*{second.base}"):
        _close(office, stuck)
    assert office.case(stuck).status == "open"
    assert examen.read_acta(app.database, first.id).state == "generada", "nothing was annulled"
    with app.database.write() as conn:
        conn.execute(acta.update().where(acta.c.id == second.id).values(state="publicada", published_at=MONDAY))
    _close(office, stuck)
    assert examen.read_acta(app.database, second.id).state == "publicada"
    assert examen.read_acta(app.database, first.id).state == "anulada"
