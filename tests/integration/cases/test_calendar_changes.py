"""A calendar that changes under open cases, on both databases: every case follows it once, whoever dies meanwhile; a local
holiday moves only the cases of people there; the requester is told.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import uuid
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine import calendar, people
from engine.cases import CompleteTask, StartCase, complete_task, start_case
from engine.errors import EngineFault, InvalidAnswers
from engine.inbound.calendar_changes import follow_calendar
from engine.storage.tables import event, job, term
from tests.support.case_office import MONDAY, CaseOffice
from tests.support.diagrams import Diagram

MANIFEST = """
[proceso]
id = "simple"
titulo = "Proceso con un plazo"
descripcion = "Un producto de tres días."
serie = "SI"
responsable = "Nadie"
[carriles]
"Secretaría" = "secretaria"
[[producto]]
codigo = "copia"
nombre = "Copia"
dias = 3
"""
HOLIDAY = date(2026, 3, 4)  # the Wednesday after MONDAY


def end_of(day: int, month: int = 3, year: int = 2026) -> datetime:
    return datetime(year, month, day, 23, 59, 59, tzinfo=UTC) + timedelta(hours=5)


def _diagram() -> bytes:
    d = Diagram("simple", lane="Secretaría")
    script = "<bpmn:script>vence = iniciar_plazos(['copia'], tramite.carta.plazos)</bpmn:script>"
    d.chain(d.node("startEvent", "inicio"), d.node("scriptTask", "iniciar", script), d.node("userTask", "hacer"))
    d.chain("hacer", d.node("endEvent", "fin"))
    return d.xml()


def bundle(manifest: str = MANIFEST) -> dict[str, bytes]:
    return {
        "proceso.bpmn": _diagram(),
        "proceso.toml": manifest.encode(),
        "_base/plazo_movido.txt": b"Asunto: Otra fecha\n\n{{ promesa.vence }}",
    }


@pytest.fixture
def simple(office: CaseOffice) -> CaseOffice:
    office.publish(bundle(), "simple")
    return office


def start(office: CaseOffice, who: UUID | None = None) -> UUID:
    command = StartCase("simple", who or office.maria, {}, uuid.uuid4())
    return start_case(command, office.app.engine).case_id


def person_at(office: CaseOffice, place: str) -> UUID:
    name = f"p{uuid.uuid4().hex[:8]}"
    with office.app.database.write() as conn:
        return people.create_person(
            conn, username=name, given_names="Ana", family_names="D'Angelo", email=f"{name}@une.example", at=MONDAY,
            place=place,
        )  # fmt: skip


def declare(office: CaseOffice, day: date = HOLIDAY, name: str | None = "Puente") -> None:
    with office.app.database.write() as conn:
        calendar.set_feriado(conn, day, name, "decreto", "Decreto 123", office.people["admin"], office.clock.now())


def declare_at(office: CaseOffice, place: str, day: date = HOLIDAY, name: str | None = "Fundación") -> None:
    with office.app.database.write() as conn:
        calendar.set_local_feriado(
            conn, day, place, name, "Ordenanza 7", None, office.clock.now(), office.app.config
        )  # fmt: skip


def due(office: CaseOffice, *cases: UUID) -> list[datetime]:
    return [office.case(one).due_at for one in cases]


def mails(office: CaseOffice) -> list[dict[str, Any]]:
    return [row.parameters for row in office.all(sa.select(job.c.parameters).where(job.c.operation == "send_mail"))]


def moves(office: CaseOffice, case_id: UUID) -> list[dict[str, Any]]:
    query = sa.select(event.c.data).where(event.c.case_id == case_id, event.c.kind == "terms_rescheduled")
    return [json.loads(row.data) for row in office.all(query)]


def test_every_open_case_follows_a_change_once_with_old_and_new_on_record_and_its_requester_told(
    simple: CaseOffice,
) -> None:
    cases = [start(simple), start(simple)]
    assert due(simple, *cases) == [end_of(5)] * 2
    declare(simple)
    assert follow_calendar(simple.app) == 2
    assert due(simple, *cases) == [end_of(6)] * 2
    for case_id in cases:
        [moved] = moves(simple, case_id)
        assert moved["terms"] == [["copia", end_of(5).isoformat(), end_of(6).isoformat()]]
        assert moved["reason"] == "Decreto 123"
        assert simple.replayed(case_id).identical
    assert [mail["to"] for mail in mails(simple)] == ["solicitante", "solicitante"]
    assert mails(simple)[0]["data"]["antes"] == end_of(5).isoformat()
    assert follow_calendar(simple.app) is None, "there is nothing left to follow"
    with simple.app.database.read() as conn:
        [change] = calendar.list_changes(conn)
    assert (change.moved, change.by) == (2, simple.people["admin"])


def test_a_case_that_cannot_follow_keeps_no_other_waiting_and_the_change_stays_open(
    simple: CaseOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [start(simple) for _ in range(3)]
    module = sys.modules["engine.cases.reschedule_terms"]
    whole = module.reschedule_terms

    def but_the_second(command: Any, engine: Any) -> Any:
        if command.case_id == sorted(cases)[1]:
            raise EngineFault("Su dato no está.")
        return whole(command, engine)

    monkeypatch.setattr(module, "reschedule_terms", but_the_second)
    declare(simple)
    with pytest.raises(EngineFault):
        follow_calendar(simple.app)
    assert sorted(due(simple, *cases)) == [end_of(5), end_of(6), end_of(6)]
    monkeypatch.undo()
    assert follow_calendar(simple.app) == 1
    assert due(simple, *cases) == [end_of(6)] * 3


def test_ready_within_the_last_second_is_in_time(simple: CaseOffice) -> None:
    case_id = start(simple)
    simple.clock.instant = end_of(5) + timedelta(microseconds=600_000)
    [task_id] = simple.open_tasks(case_id).values()
    complete_task(CompleteTask(task_id, simple.people["rosa"], {}, uuid.uuid4()), simple.app.engine)
    [clock] = simple.all(sa.select(term).where(term.c.case_id == case_id))
    assert clock.met_at <= clock.due_at


def test_what_a_worker_left_half_done_is_done_by_the_next_and_nobody_is_told_twice(simple: CaseOffice) -> None:
    cases = [start(simple) for _ in range(3)]
    declare(simple)
    with pytest.raises(SystemExit):
        follow_calendar(_dying_after(simple, 2))
    assert sorted(due(simple, *cases)) == [end_of(5), end_of(6), end_of(6)]
    assert follow_calendar(simple.app) == 1
    assert due(simple, *cases) == [end_of(6)] * 3
    assert len(mails(simple)) == 3
    assert [len(moves(simple, case_id)) for case_id in cases] == [1, 1, 1]


def _dying_after(office: CaseOffice, commands: int) -> Any:
    """An office whose clock stops the process at the next command after so many."""
    left = [commands]

    def now() -> datetime:
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        return office.clock.now()

    clock = SimpleNamespace(now=now)
    engine = dataclasses.replace(office.app.engine, clock=clock)
    return SimpleNamespace(database=office.app.database, engine=engine, clock=clock)


def test_changes_that_wait_together_are_followed_together(simple: CaseOffice) -> None:
    case_id = start(simple)
    declare(simple)
    declare(simple, date(2026, 3, 5))
    assert follow_calendar(simple.app) == 1
    assert due(simple, case_id) == [end_of(9)]
    assert len(mails(simple)) == 1


def test_a_day_that_is_taken_back_before_anybody_looked_moves_nothing(simple: CaseOffice) -> None:
    case_id = start(simple)
    declare(simple)
    declare(simple, name=None)
    assert follow_calendar(simple.app) == 0
    assert due(simple, case_id) == [end_of(5)]
    assert mails(simple) == []


def test_a_service_may_choose_not_to_write(simple: CaseOffice) -> None:
    simple.publish(bundle(MANIFEST + "[servicio]\navisa_cambio_fecha = false\n"), "simple")
    start(simple)
    declare(simple)
    assert follow_calendar(simple.app) == 1
    assert mails(simple) == []


@pytest.mark.req("C-48")
def test_a_holiday_where_the_requester_is_counts_for_them_and_for_nobody_else(simple: CaseOffice) -> None:
    there, elsewhere = person_at(simple, "Yaguachi"), person_at(simple, "Naranjito")
    declare_at(simple, "Yaguachi")
    assert follow_calendar(simple.app) == 0
    cases = [start(simple), start(simple, there), start(simple, elsewhere)]
    assert due(simple, *cases) == [end_of(5), end_of(6), end_of(5)]


@pytest.mark.req("C-48")
def test_a_local_holiday_declared_later_moves_only_the_cases_of_people_there(simple: CaseOffice) -> None:
    there, elsewhere = person_at(simple, "Simón Bolívar"), person_at(simple, "Naranjito")
    cases = [start(simple), start(simple, there), start(simple, elsewhere)]
    declare_at(simple, " simon  bolivar ")
    assert follow_calendar(simple.app) == 1
    assert due(simple, *cases) == [end_of(5), end_of(6), end_of(5)]
    assert [moves(simple, one) != [] for one in cases] == [False, True, False]
    declare_at(simple, "SIMÓN BOLÍVAR", name=None)
    assert follow_calendar(simple.app) == 1
    assert due(simple, *cases) == [end_of(5)] * 3
    assert simple.replayed(cases[1]).identical


def test_a_holiday_of_the_offices_place_is_everybodys_and_is_declared_without_a_place(simple: CaseOffice) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        declare_at(simple, "milagro")
    assert "es el lugar de la oficina" in refused.value.errors["place"]
    with pytest.raises(InvalidAnswers):
        declare_at(simple, "  ")


@pytest.mark.req("C-48")
def test_a_wait_of_several_days_over_the_change_of_year_knows_its_holidays(simple: CaseOffice) -> None:
    simple.clock.instant = datetime(2026, 12, 29, 15, tzinfo=UTC)  # Tuesday; 1 January rests on Friday
    case_id = start(simple)
    assert due(simple, case_id) == [end_of(4, 1, 2027)]
    simple.clock.instant = datetime(2027, 12, 30, 15, tzinfo=UTC)  # 1 January 2028, a Saturday, rests on 31 December
    later = start(simple)
    assert due(simple, later) == [end_of(5, 1, 2028)]
    assert follow_calendar(simple.app) is None


@pytest.mark.req("C-48")
def test_the_clock_starts_at_filing_whatever_the_hour_and_the_day(simple: CaseOffice) -> None:
    for filed, ends in (
        ("2026-03-02T23:59:59", end_of(5)),  # a request at 23:59 counts that day
        ("2026-03-03T00:00:00", end_of(6)),
        ("2026-03-06T10:00:00", end_of(11)),  # Friday
        ("2026-04-03T09:00:00", end_of(8, 4)),  # viernes santo
    ):
        simple.clock.instant = datetime.fromisoformat(f"{filed}-05:00").astimezone(UTC)
        assert due(simple, start(simple)) == [ends], filed


@pytest.mark.req("C-48")
def test_a_service_may_start_its_clock_at_admission(simple: CaseOffice) -> None:
    d = Diagram("simple", lane="Secretaría")
    script = "<bpmn:script>vence = iniciar_plazos(['copia'], tramite.carta.plazos)</bpmn:script>"
    d.chain(d.node("startEvent", "inicio"), d.node("userTask", "admitir"), d.node("scriptTask", "iniciar", script))
    d.chain("iniciar", d.node("userTask", "hacer"), d.node("endEvent", "fin"))
    for rule, ends in (("presentacion", end_of(5)), ("admision", end_of(9))):
        manifest = MANIFEST + f'[servicio]\ninicio_plazo = "{rule}"\n'
        simple.publish({**bundle(manifest), "proceso.bpmn": d.xml()}, "simple")
        simple.clock.instant = MONDAY
        case_id = start(simple)
        assert due(simple, case_id) == [None], "nothing is promised yet"
        simple.clock.instant = MONDAY + timedelta(days=2)
        simple.complete(simple.open_tasks(case_id)["admitir"])
        assert due(simple, case_id) == [ends]
        assert simple.replayed(case_id).identical
