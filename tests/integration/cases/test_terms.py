"""The clocks of a case on both databases: one term per product, the latest is the case's; standing still while the
requester answers; counted again, on record, when the calendar changes; the same in a replay.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine import calendar
from engine.cases import (
    CompleteTask,
    FireTimers,
    Receipt,
    StartCase,
    complete_task,
    fire_timers,
    reschedule_open_cases,
    start_case,
)
from engine.storage.tables import case, event, task, term, wait
from tests.support.case_office import CaseOffice
from tests.support.diagrams import Diagram, properties, timer

FRIDAY = datetime(2026, 10, 30, 15, 0, tzinfo=UTC)  # ten in the morning; the Monday and the Tuesday after it rest
LANES = {"Estudiante": ["corregir"], "Secretaría": ["revisar", "resolver", "apurar"]}
MANIFEST = b"""
[proceso]
id = "plazos"
titulo = "Proceso con plazos"
descripcion = "Dos productos, con un plazo cada uno."
serie = "PL"
responsable = "Nadie"
[carriles]
"Estudiante" = "solicitante"
"Secretar\xc3\xada" = "secretaria"
"""


def end_of(day: int, month: int = 11) -> datetime:
    """The last second of a day of 2026 in Guayaquil."""
    return datetime(2026, month, day, 23, 59, 59, tzinfo=UTC) + timedelta(hours=5)


def _diagram() -> bytes:
    d = Diagram("plazos")
    script = "<bpmn:script>uno = iniciar_plazo('rapido', 1)\ncinco = iniciar_plazo('lento', 5)</bpmn:script>"
    ends = "<bpmn:terminateEventDefinition/>"
    d.chain(d.node("startEvent", "inicio"), d.node("scriptTask", "iniciar", script), d.node("parallelGateway", "abre"))
    d.chain("abre", d.node("userTask", "revisar"), d.node("userTask", "corregir", properties(pausaPlazo="true")))
    d.chain("corregir", d.node("userTask", "resolver"), d.node("endEvent", "resuelta", ends))
    silence = timer("timeDate", "dias_habiles(10)")
    d.node("boundaryEvent", "sin_respuesta", silence, attachedToRef="corregir", cancelActivity="true")
    reminder = timer("timeDate", "dias_habiles(3)")
    d.node("boundaryEvent", "recordar", reminder, attachedToRef="corregir", cancelActivity="false")
    d.chain("recordar", d.node("endEvent", "recordada"))
    d.chain("sin_respuesta", d.node("endEvent", "desistida", properties(desenlace="desistida") + ends))
    for name, expression in (("al_80", "plazo(80)"), ("al_100", "plazo(100)"), ("un_dia_mas", "plazo(100, 1)")):
        d.chain("abre", d.node("intermediateCatchEvent", name, timer("timeDate", expression)))
    d.chain("al_80", d.node("userTask", "apurar"), d.node("endEvent", "fin_80"))
    d.chain("al_100", d.node("endEvent", "fin_100"))
    d.chain("un_dia_mas", d.node("endEvent", "fin_mas"))
    lanes = "".join(
        f'<bpmn:lane id="l{i}" name="{name}">{"".join(f"<bpmn:flowNodeRef>{r}</bpmn:flowNodeRef>" for r in refs)}</bpmn:lane>'
        for i, (name, refs) in enumerate(LANES.items())
    )
    opening = b'isExecutable="true">'
    return d.xml().replace(opening, opening + f'<bpmn:laneSet id="ls">{lanes}</bpmn:laneSet>'.encode())


@pytest.fixture
def terms(office: CaseOffice) -> CaseOffice:
    office.publish({"proceso.bpmn": _diagram(), "proceso.toml": MANIFEST}, "plazos")
    office.clock.instant = FRIDAY
    return office


def _loop() -> bytes:
    """The term is begun again after each correction, as when the products are decided anew."""
    d = Diagram("vuelta", lane="Secretaría")
    script = "<bpmn:script>cinco = iniciar_plazo('lento', 5)</bpmn:script>"
    d.chain(d.node("startEvent", "inicio"), d.node("scriptTask", "iniciar", script), d.node("userTask", "revisar"))
    d.chain("revisar", d.node("userTask", "corregir", properties(pausaPlazo="true")))
    d.chain("corregir", d.node("exclusiveGateway", "otra", default="vuelve"), d.node("endEvent", "fin"))
    d.flow("otra", "iniciar", id="vuelve")
    return d.xml().replace(
        b'targetRef="fin"></', b'targetRef="fin"><bpmn:conditionExpression>1 == 2</bpmn:conditionExpression></'
    )


def start(office: CaseOffice, process: str = "plazos") -> UUID:
    return start_case(StartCase(process, office.maria, {}, uuid.uuid4()), office.app.engine).case_id


def complete(office: CaseOffice, element: str, who: str, at: datetime) -> Receipt:
    office.clock.instant = at
    actor = office.maria if who == "maria" else office.people[who]
    return complete_task(CompleteTask(office.open_tasks()[element], actor, {}, uuid.uuid4()), office.app.engine)


def dates(office: CaseOffice) -> dict[str, datetime]:
    return {row.element: row.due_at for row in office.all(sa.select(wait.c.element, wait.c.due_at))}


def due_of(office: CaseOffice, element: str) -> Any:
    return office.one(sa.select(task.c.due_at).where(task.c.element == element)).due_at


def change(office: CaseOffice, day: date, name: str | None = "Puente por decreto") -> int:
    with office.app.database.write() as conn:
        assert calendar.set_feriado(conn, day, name, "decreto", "Decreto 123", None, office.clock.now())
    return reschedule_open_cases(office.app.engine, office.people["rosa"], "Decreto 123")


def rescheduled(office: CaseOffice) -> dict[str, Any]:
    return dict(json.loads(office.all(sa.select(event.c.data).where(event.c.kind == "terms_rescheduled"))[-1].data))


@pytest.mark.req("C-48", "C-41", "C-43")
def test_a_case_is_due_at_the_latest_of_its_products_counted_in_business_days(terms: CaseOffice) -> None:
    case_id = start(terms)
    kept = {row.key: row.due_at for row in terms.all(sa.select(term.c.key, term.c.due_at))}
    assert kept == {"rapido": end_of(4), "lento": end_of(10)}, "one day filed on Friday, over two holidays: Wednesday"
    assert terms.case(case_id).due_at == end_of(10)
    assert due_of(terms, "revisar") == end_of(10)
    assert dates(terms) == {
        "al_80": datetime(2026, 11, 9, 22, 0, tzinfo=UTC),  # four whole days, at closing time
        "al_100": end_of(10),
        "un_dia_mas": end_of(11),
    }
    assert terms.replayed(case_id).identical


@pytest.mark.req("C-48")
def test_the_term_stands_still_while_the_requester_answers_and_goes_on_after(terms: CaseOffice) -> None:
    case_id = start(terms)
    complete(terms, "revisar", "rosa", datetime(2026, 11, 5, 15, tzinfo=UTC))
    assert terms.case(case_id).paused_at == datetime(2026, 11, 5, 15, tzinfo=UTC)
    waits = dates(terms)
    assert {waits[name].year for name in ("al_80", "al_100", "un_dia_mas")} == {9999}
    assert waits["sin_respuesta"] == due_of(terms, "corregir") == end_of(19), "the reminder is not its due date"
    complete(terms, "corregir", "maria", datetime(2026, 11, 9, 15, tzinfo=UTC))
    row = terms.case(case_id)
    assert (row.paused_at, row.due_at) == (None, end_of(13)), "four days were left: 5, 6, 9 and 10"
    assert due_of(terms, "resolver") == end_of(13)
    assert dates(terms) == {
        "al_80": datetime(2026, 11, 12, 16, 36, tzinfo=UTC),
        "al_100": end_of(13),
        "un_dia_mas": end_of(16),
    }
    kept = {r.key: (r.due_at, r.original_due_at, r.paused_days) for r in terms.all(sa.select(term))}
    assert kept == {"rapido": (end_of(4), end_of(4), 0), "lento": (end_of(13), end_of(10), 3)}
    assert terms.replayed(case_id).identical


@pytest.mark.req("C-48")
def test_a_term_that_is_begun_again_keeps_the_days_that_it_stood_still(terms: CaseOffice) -> None:
    terms.publish({"proceso.bpmn": _loop(), "proceso.toml": MANIFEST.replace(b'"plazos"', b'"vuelta"')}, "vuelta")
    case_id = start(terms, "vuelta")
    complete(terms, "revisar", "rosa", datetime(2026, 11, 5, 15, tzinfo=UTC))
    complete(terms, "corregir", "rosa", datetime(2026, 11, 9, 15, tzinfo=UTC))
    assert terms.case(case_id).due_at == end_of(13), "not the tenth, as if nobody had been waited for"
    assert terms.one(sa.select(term.c.original_due_at)).original_due_at == end_of(10)
    assert terms.replayed(case_id).identical


def test_nobody_answers_in_ten_business_days_and_the_case_ends(terms: CaseOffice) -> None:
    case_id = start(terms)
    complete(terms, "revisar", "rosa", datetime(2026, 11, 5, 15, tzinfo=UTC))
    terms.clock.instant = end_of(19) - timedelta(seconds=1)
    reminded = fire_timers(FireTimers(case_id, terms.clock.now()), terms.app.engine)
    assert (reminded.status, reminded.outcome) == ("open", None), "a branch that ends is not yet the case's end"
    assert fire_timers(FireTimers(case_id, terms.clock.now()), terms.app.engine).event is None
    terms.clock.instant = end_of(19)
    assert fire_timers(FireTimers(case_id, end_of(19)), terms.app.engine).outcome == "desistida"
    assert not dates(terms)
    assert {row.met_at is None for row in terms.all(sa.select(term.c.met_at))} == {False}
    assert terms.replayed(case_id).identical


def test_the_warning_and_the_limit_fire_in_their_order(terms: CaseOffice) -> None:
    case_id = start(terms)
    for instant, left in ((dates(terms)["al_80"], 2), (end_of(10), 1), (end_of(11), 0)):
        terms.clock.instant = instant
        assert fire_timers(FireTimers(case_id, instant), terms.app.engine).event
        assert len(dates(terms)) == left
        assert fire_timers(FireTimers(case_id, instant), terms.app.engine).event is None
    assert set(terms.open_tasks()) == {"revisar", "apurar"}
    assert terms.case(case_id).status == "open", "a missed term does not end a case"
    assert terms.replayed(case_id).identical


@pytest.mark.req("C-48")
def test_a_new_holiday_moves_terms_timers_and_tasks_and_keeps_the_old_dates_on_record(terms: CaseOffice) -> None:
    case_id = start(terms)
    assert change(terms, date(2026, 11, 6)) == 1
    assert terms.case(case_id).due_at == due_of(terms, "revisar") == end_of(11)
    expected = {"al_80": datetime(2026, 11, 10, 22, tzinfo=UTC), "al_100": end_of(11), "un_dia_mas": end_of(12)}
    assert dates(terms) == expected
    written = rescheduled(terms)
    assert written["terms"] == [["lento", end_of(10).isoformat(), end_of(11).isoformat()]]
    assert written["reason"] == "Decreto 123"
    moved = {one["element"]: (one["old"], one["new"]) for one in written["rescheduled"]}
    assert moved["al_100"] == (end_of(10).isoformat(), end_of(11).isoformat())
    assert set(moved) == set(expected)
    assert terms.replayed(case_id).identical
    assert change(terms, date(2026, 11, 6), None) == 1, "the decree is withdrawn: as before"
    assert terms.case(case_id).due_at == end_of(10)
    assert terms.replayed(case_id).identical


def test_a_holiday_in_the_middle_of_a_pause_moves_the_requesters_own_date_too(terms: CaseOffice) -> None:
    case_id = start(terms)
    complete(terms, "revisar", "rosa", datetime(2026, 11, 5, 15, tzinfo=UTC))
    assert change(terms, date(2026, 11, 10)) == 1
    assert dates(terms)["sin_respuesta"] == end_of(20)
    assert due_of(terms, "corregir") == end_of(20)
    assert terms.case(case_id).due_at == end_of(11)
    complete(terms, "corregir", "maria", datetime(2026, 11, 11, 15, tzinfo=UTC))
    assert terms.case(case_id).due_at == end_of(17), "four were left: 5, 6, 9 and 11"
    assert terms.replayed(case_id).identical


@pytest.mark.req("C-48")
def test_a_holiday_declared_inside_a_pause_that_is_over_moves_no_promise(terms: CaseOffice) -> None:
    case_id = start(terms)
    complete(terms, "revisar", "rosa", datetime(2026, 11, 5, 15, tzinfo=UTC))
    complete(terms, "corregir", "maria", datetime(2026, 11, 9, 15, tzinfo=UTC))
    change(terms, date(2026, 11, 6))
    assert terms.case(case_id).due_at == dates(terms)["al_100"] == end_of(13), "four days were left on the ninth"
    assert terms.one(sa.select(term.c.paused_days).where(term.c.key == "lento")).paused_days == 2
    assert change(terms, date(2026, 11, 12)) == 1, "this one is in what was left"
    assert terms.case(case_id).due_at == due_of(terms, "resolver") == end_of(16)
    change(terms, date(2026, 11, 6), None)
    assert terms.case(case_id).due_at == end_of(16)
    assert terms.replayed(case_id).identical


def test_a_calendar_change_leaves_alone_what_it_does_not_touch(terms: CaseOffice) -> None:
    first = start(terms)
    assert change(terms, date(2026, 12, 28)) == 0
    terms.clock.instant = datetime(2026, 11, 5, 15, tzinfo=UTC)
    second = start(terms)
    assert change(terms, date(2026, 11, 12)) == 1, "only the second runs over that day"
    assert terms.case(first).due_at == end_of(10)
    assert terms.case(second).due_at == end_of(13)
    assert "terms_rescheduled" not in terms.kinds(first)


def test_a_closed_case_keeps_the_dates_it_ended_with(terms: CaseOffice) -> None:
    case_id = start(terms)
    complete(terms, "revisar", "rosa", FRIDAY)
    complete(terms, "corregir", "maria", FRIDAY)
    assert complete(terms, "resolver", "rosa", FRIDAY).status == "completed"
    before = terms.one(sa.select(case.c.due_at, case.c.revision).where(case.c.id == case_id))
    assert change(terms, date(2026, 11, 6)) == 0
    assert terms.one(sa.select(case.c.due_at, case.c.revision).where(case.c.id == case_id)) == before
