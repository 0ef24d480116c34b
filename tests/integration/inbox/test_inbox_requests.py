"""A requester's own cases, who may open a case's page, and who read it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine.errors import NotFound
from engine.history.case_file import get_case
from engine.history.requester import list_own_cases
from engine.inbox import Inbox
from engine.storage.tables import document, original, task, term
from tests.support.office import NOW, Office


def number(office: Office, case_id: UUID) -> str:
    with office.database.read() as conn:
        return get_case(conn, case_id).number


def test_my_cases_are_mine_the_open_ones_first_and_say_when_something_is_asked(office: Office) -> None:
    closed = office.open_case(office.maria, status="completed", closed_at=NOW, outcome="entregada")
    asked = office.open_case(office.maria)
    task_id = office.open_task(asked, role="solicitante", paused=True)
    office.open_case(office.tadeo)
    office.open_case(office.tadeo, filed_by_id=office.maria)
    with office.database.read() as conn:
        rows, total = list_own_cases(conn, office.maria)
    assert [(row.head.id, row.to_answer) for row in rows] == [(asked, task_id), (closed, None)]
    assert total == 2


def test_a_case_opens_for_its_requester_its_staff_and_the_auditor_and_for_nobody_else(office: Office) -> None:
    case_id = office.open_case(office.maria)
    office.open_task(case_id)
    name = number(office, case_id)
    relations = {
        office.maria: "requester",
        office.rosa: "staff",
        office.jefa: "staff",
        office.auditora: "auditor",
    }
    for person, relation in relations.items():
        assert office.inbox.get_case_for(office.viewer(person), name).relation == relation
    for stranger in (office.tadeo, office.general):
        with pytest.raises(NotFound):
            office.inbox.get_case_for(office.viewer(stranger), name)
    with pytest.raises(NotFound):
        office.inbox.get_case_for(office.viewer(office.maria), "SG-2025-999999")


def test_staff_of_a_lane_open_the_case_before_their_task_exists(office: Office) -> None:
    name = number(office, office.open_case(office.maria))
    wired = Inbox(
        office.database,
        office.clock,
        office.inbox.people,
        office.calendar,
        lanes=lambda version: {"solicitante", "secretario_general"} if version == office.version else (),
    )
    assert wired.get_case_for(wired.viewer(office.general), name).relation == "staff"
    with pytest.raises(NotFound):
        wired.get_case_for(wired.viewer(office.tadeo), name)


@pytest.mark.req("R-11")
def test_a_docente_who_was_replaced_reads_the_case_no_more_but_for_what_they_did(office: Office) -> None:
    before = office.person("fabio", "Fabio", "Bermúdez", "docente")
    after = office.person("gilda", "Gilda", "Ibáñez", "docente")
    mailed = office.open_case(office.maria)
    office.open_task(mailed, role=f"docente:{before}", element="cargar", status="cancelled", closed_at=NOW)
    assert office.inbox.get_case_for(office.viewer(before), number(office, mailed)).relation == "staff"
    case_id = office.open_case(office.maria)
    name = number(office, case_id)
    held = office.open_task(case_id, role=f"docente:{before}", element="cargar", assignee_id=before)
    assert office.inbox.get_case_for(office.viewer(before), name).relation == "staff"
    with office.database.write() as conn:
        conn.execute(task.update().where(task.c.id == held).values(status="cancelled", closed_at=NOW))
    office.open_task(case_id, role=f"docente:{after}", element="cargar", opened_at=NOW + timedelta(hours=1))
    assert office.inbox.get_case_for(office.viewer(after), name).relation == "staff"
    with pytest.raises(NotFound):
        office.inbox.get_case_for(office.viewer(before), name)
    done = {"status": "completed", "closed_at": NOW, "closed_by": before, "assignee_id": before}
    office.open_task(case_id, role=f"docente:{before}", element="cargar", instance="otra", **done)
    assert office.inbox.get_case_for(office.viewer(before), name).relation == "staff"


@pytest.mark.req("R-11")
def test_who_filed_the_list_of_a_mesa_works_on_its_actas_as_their_department_does(office: Office) -> None:
    """The papers of «Controlar el acta» open for them too; their own request, without parts, stays their own."""
    lanes = {"solicitante", "secretaria"}
    wired = Inbox(office.database, office.clock, office.inbox.people, office.calendar, lanes=lambda _version: lanes)
    quimica = office.person("quimica", "Tadeo", "Ñato", "departamento:quimica")
    for filed_by in (quimica, office.rosa):
        case_id = office.open_case(filed_by, filed_by_id=filed_by)
        name = number(office, case_id)
        assert wired.get_case_for(wired.viewer(filed_by), name).relation == "requester"
        office.open_task(case_id, role="departamento:quimica")
        assert wired.get_case_for(wired.viewer(filed_by), name).relation == "staff"
    outside = office.open_case(office.maria)
    office.open_task(outside, role="departamento:quimica")
    assert wired.get_case_for(wired.viewer(office.maria), number(office, outside)).relation == "requester"
    own = office.open_case(office.rosa)
    office.open_task(own)
    assert wired.get_case_for(wired.viewer(office.rosa), number(office, own)).relation == "requester"


def test_the_requester_sees_what_was_released_and_what_they_brought_and_no_comment(office: Office) -> None:
    case_id = office.open_case(office.maria)
    office.open_task(case_id)
    with office.database.write() as conn:
        sha = "0" * 64
        conn.execute(original.insert(), {"sha256": sha, "size": 1, "media_type": "application/pdf", "stored_at": NOW})
        for name, released, by in (
            ("borrador", None, None),
            ("certificado", NOW, None),
            ("cedula", None, office.maria),
        ):
            conn.execute(
                document.insert(),
                {
                    "id": uuid4(),
                    "case_id": case_id,
                    "kind": "issued",
                    "name": name,
                    "title": name,
                    "media_type": "application/pdf",
                    "sha256": sha,
                    "size": 1,
                    "released_at": released,
                    "created_by": by,
                    "created_at": NOW,
                },
            )
    office.inbox.add_comment(office.viewer(office.rosa), case_id, "Entre nosotros")
    name = number(office, case_id)
    own = office.inbox.get_case_for(office.viewer(office.maria), name)
    assert ({line.name for line in own.documents}, own.comments) == ({"certificado", "cedula"}, ())
    inside = office.inbox.get_case_for(office.viewer(office.rosa), name)
    assert len(inside.documents) == 3
    assert inside.comments[0].text == "Entre nosotros"


def test_the_requester_reads_who_opened_their_case(office: Office) -> None:
    case_id = office.open_case(office.maria)
    office.open_task(case_id)
    viewer = office.viewer(office.rosa)
    office.inbox.log_read(viewer, case_id, "Ficha del trámite", purpose="Atención")
    office.inbox.log_read(viewer, case_id, "Ficha del trámite")
    office.clock.advance(timedelta(minutes=11))
    office.inbox.log_read(viewer, case_id, "Ficha del trámite")
    reads = office.inbox.get_case_for(office.viewer(office.maria), number(office, case_id)).reads
    assert [(read.person.sort_name if read.person else "", read.at - NOW) for read in reads] == [
        ("Peñafiel Güemes, Rosa Elvira", timedelta(minutes=11)),
        ("Peñafiel Güemes, Rosa Elvira", timedelta(0)),
    ]


@pytest.mark.req("C-48")
def test_the_detail_counts_the_days_of_the_latest_term(office: Office) -> None:
    case_id = office.open_case(office.maria)
    task_id = office.open_task(case_id)
    start = NOW - timedelta(days=2)
    with office.database.write() as conn:
        for key, days in (("matriz", 1), ("certificado", 3)):
            due = office.calendar.due_instant(start, days)
            values = {"case_id": case_id, "key": key, "days": days, "started_at": start, "due_at": due}
            conn.execute(term.insert(), values | {"original_due_at": due})
        conn.execute(task.update().where(task.c.id == task_id).values(due_at=due))
    detail = office.inbox.get_task(office.viewer(office.rosa), task_id)
    assert detail.term is not None
    assert (detail.term.day, detail.term.of, detail.chip.text) == (2, 3, "jue 20 nov")
