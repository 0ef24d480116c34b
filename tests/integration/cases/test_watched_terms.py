"""Each product's own clock (C-48): watched in groups of equal terms, a warning at 80 %, the Secretario General at its end,
Rectorado a business day after; each once; nothing once it is ready. On both databases, and the same in a replay.
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
from engine.storage.tables import job, task, term, wait
from tests.support.case_office import CaseOffice
from tests.support.diagrams import Diagram, operator, properties, timer

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
LANES = {
    "Solicitante": ["corregir"],
    "Secretaría": ["vigilar_plazos", "revisar", "hacer_acta", "hacer_copia", "hacer_archivo"],
}
MANIFEST = """
[proceso]
id = "vigilado"
titulo = "Proceso vigilado"
descripcion = "Productos de uno y de cinco días."
serie = "VG"
responsable = "Nadie"
[carriles]
"Solicitante" = "solicitante"
"Secretaría" = "secretaria"
[[producto]]
codigo = "acta"
nombre = "Acta"
dias = 5
[[producto]]
codigo = "copia"
nombre = "Copia"
dias = 1
[[producto]]
codigo = "archivo"
nombre = "Archivo"
dias = 1
"""


def end_of(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=UTC) + timedelta(hours=5)


def _watch() -> str:
    """The pattern of docs/manual/procesos.md: one watch for each term, over its products."""
    w = Diagram("vigilar")
    told = {
        "template": "'t.txt'",
        "to": "'secretaria'",
        "data": "{'que': pendientes(grupo), 'vence': plazo(grupo, 100)}",
    }
    steps = [w.node("startEvent", "plazo_en_curso")]
    for name, when, mail in (
        ("al_80", "plazo(grupo, 80)", "avisar"),
        ("al_100", "plazo(grupo, 100)", "escalar"),
        ("dia_despues", "plazo(grupo, 100, 1)", "escalar_mas"),
    ):
        steps.append(w.node("intermediateCatchEvent", name, timer("timeDate", when)))
        steps.append(w.node("sendTask", mail, operator("send_mail", f"correo_{mail}", **told)))
    w.chain(*steps, w.node("endEvent", "todo_avisado"))
    return w.body() + (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>grupos</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="grupo" name="grupo"/></bpmn:multiInstanceLoopCharacteristics>'
    )


def _diagram() -> bytes:
    d = Diagram("vigilado")
    ends = "<bpmn:terminateEventDefinition/>"
    script = (
        "<bpmn:script>grupos = por_plazo(tramite.carta.plazos)\n"
        "vence = iniciar_plazos(productos, tramite.carta.plazos)</bpmn:script>"
    )
    again = "<bpmn:script>vence = iniciar_plazos(productos, tramite.carta.plazos)</bpmn:script>"
    form = properties(formJsonSchemaFilename="productos.json")
    d.chain(
        d.node("startEvent", "inicio", form), d.node("scriptTask", "iniciar", script), d.node("parallelGateway", "abre")
    )
    d.chain("abre", d.node("subProcess", "vigilar_plazos", _watch()), d.node("endEvent", "vigilado_todo"))
    d.chain(
        "abre",
        d.node("userTask", "revisar", form.replace("productos", "revision")),
        d.node("exclusiveGateway", "falta", default="procede"),
    )
    stops = properties(formJsonSchemaFilename="productos.json", pausaPlazo="true")
    d.flow("falta", d.node("userTask", "corregir", stops), "completa == 'no'")
    d.chain("corregir", d.node("scriptTask", "otra_vez", again), "revisar")
    d.node("parallelGateway", "productos_aparte")
    d.flow("falta", "productos_aparte", id="procede")
    d.node("parallelGateway", "listos")
    for product in ("acta", "copia", "archivo"):
        d.chain("productos_aparte", d.node("userTask", f"hacer_{product}", properties(producto=f"'{product}'")))
        ready = f"<bpmn:script>listo = cumplir_plazo('{product}')</bpmn:script>"
        d.chain(f"hacer_{product}", d.node("scriptTask", f"listo_{product}", ready), "listos")
    d.chain("listos", d.node("endEvent", "entregado", properties(desenlace="entregado") + ends))
    lanes = "".join(
        f'<bpmn:lane id="l{i}" name="{name}">{"".join(f"<bpmn:flowNodeRef>{r}</bpmn:flowNodeRef>" for r in refs)}</bpmn:lane>'
        for i, (name, refs) in enumerate(LANES.items())
    )
    opening = b'isExecutable="true">'
    return d.xml().replace(opening, opening + f'<bpmn:laneSet id="ls">{lanes}</bpmn:laneSet>'.encode())


def _form(name: str, *components: dict[str, Any]) -> tuple[str, bytes]:
    schema = {"type": "default", "id": name, "schemaVersion": 19, "components": components}
    return f"forms/{name}.json", json.dumps(schema).encode()


PRODUCTS = {
    "type": "checklist",
    "key": "productos",
    "id": "p",
    "label": "Productos",
    "values": [{"label": key, "value": key} for key in ("acta", "copia", "archivo")],
}
COMPLETE = {"type": "textfield", "key": "completa", "id": "c", "label": "¿Completa?"}
BUNDLE = {
    "proceso.bpmn": _diagram(),
    "proceso.toml": MANIFEST.encode(),
    **dict([_form("productos", PRODUCTS), _form("revision", COMPLETE)]),
}


@pytest.fixture
def watched(office: CaseOffice) -> CaseOffice:
    office.publish(BUNDLE, "vigilado")
    office.clock.instant = MONDAY
    return office


def start(office: CaseOffice, *products: str) -> UUID:
    command = StartCase("vigilado", office.maria, {"productos": list(products)}, uuid.uuid4(), confirmed=True)
    return start_case(command, office.app.engine).case_id


def complete(office: CaseOffice, element: str, at: datetime, who: str = "rosa", **answers: Any) -> Receipt:
    office.clock.instant = at
    actor = office.maria if who == "maria" else office.people[who]
    return complete_task(CompleteTask(office.open_tasks()[element], actor, answers, uuid.uuid4()), office.app.engine)


def fire(office: CaseOffice, case_id: UUID, at: datetime) -> int | None:
    office.clock.instant = at
    return fire_timers(FireTimers(case_id, at), office.app.engine).event


def dates(office: CaseOffice) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for row in office.all(sa.select(wait.c.element, wait.c.due_at).order_by(wait.c.due_at)):
        found.setdefault(row.element, []).append(row.due_at)
    return found


def told(office: CaseOffice) -> list[tuple[str, list[str], str]]:
    """What each mail says, in the order in which they were asked for: which, of what, the date that it gives."""
    rows = office.all(sa.select(job.c.element, job.c.parameters).order_by(job.c.created_at, job.c.key))
    return [(row.element, row.parameters["data"]["que"], row.parameters["data"]["vence"]) for row in rows]


def terms(office: CaseOffice) -> dict[str, tuple[datetime, bool]]:
    """Product → when it is due, and whether it is ready."""
    return {row.key: (row.due_at, row.met_at is not None) for row in office.all(sa.select(term))}


def due_of(office: CaseOffice, element: str) -> datetime:
    query = sa.select(task.c.due_at).where(task.c.element == element, task.c.status == "open")
    return office.one(query).due_at  # type: ignore[no-any-return]


def run_out(office: CaseOffice, case_id: UUID, until: datetime) -> None:
    """Fire every timer as it falls due, and send every mail, up to an instant."""
    while True:
        due = min((at for found in dates(office).values() for at in found), default=until)
        if due >= until:
            return
        assert fire(office, case_id, due)
        office.run_jobs()


@pytest.mark.req("C-29", "C-30", "C-48", "C-8")
def test_each_term_is_warned_of_and_escalated_by_itself_and_once(watched: CaseOffice) -> None:
    case_id = start(watched, "acta", "copia", "archivo")
    complete(watched, "revisar", MONDAY, completa="si")
    run_out(watched, case_id, end_of(31))
    soon, later = end_of(3).isoformat(), end_of(9).isoformat()
    assert told(watched) == [
        ("avisar", ["archivo", "copia"], soon),
        ("escalar", ["archivo", "copia"], soon),
        ("escalar_mas", ["archivo", "copia"], soon),
        ("avisar", ["acta"], later),
        ("escalar", ["acta"], later),
        ("escalar_mas", ["acta"], later),
    ]
    assert watched.case(case_id).status == "open", "nothing of it stops the work"
    assert watched.replayed(case_id).identical


@pytest.mark.req("C-48")
def test_a_product_that_is_ready_is_not_warned_of_and_the_others_are(watched: CaseOffice) -> None:
    case_id = start(watched, "acta", "copia", "archivo")
    complete(watched, "revisar", MONDAY, completa="si")
    complete(watched, "hacer_copia", MONDAY + timedelta(hours=1))
    run_out(watched, case_id, end_of(3) - timedelta(seconds=1))
    assert told(watched) == [("avisar", ["archivo"], end_of(3).isoformat())]
    complete(watched, "hacer_archivo", end_of(3) - timedelta(seconds=1))
    assert {at.year for at in dates(watched)["al_100"]} == {9999}, "nothing of that term is owed any more"
    run_out(watched, case_id, end_of(5))
    assert len(told(watched)) == 1
    assert terms(watched) == {"acta": (end_of(9), False), "copia": (end_of(3), True), "archivo": (end_of(3), True)}
    assert watched.case(case_id).due_at == end_of(9)
    complete(watched, "hacer_acta", end_of(5))
    assert watched.case(case_id).status == "completed"
    assert not dates(watched), "the end of the service ends the watch"
    assert watched.replayed(case_id).identical


@pytest.mark.req("C-48")
def test_a_task_is_due_when_the_product_that_it_makes_is(watched: CaseOffice) -> None:
    start(watched, "acta", "copia")
    assert due_of(watched, "revisar") == end_of(9), "of no product: the request's own date"
    complete(watched, "revisar", MONDAY, completa="si")
    assert due_of(watched, "hacer_copia") == end_of(3)
    assert due_of(watched, "hacer_acta") == due_of(watched, "hacer_archivo") == end_of(9)
    with watched.app.database.write() as conn:
        calendar.set_feriado(conn, date(2026, 3, 3), "Puente", "decreto", "Decreto 123", None, MONDAY)
    assert reschedule_open_cases(watched.app.engine, None, "Decreto 123") == 1
    assert (due_of(watched, "hacer_copia"), due_of(watched, "hacer_acta")) == (end_of(4), end_of(10))


@pytest.mark.req("C-48")
def test_a_product_dropped_in_a_correction_loses_its_term_and_one_added_counts_from_the_answer(
    watched: CaseOffice,
) -> None:
    case_id = start(watched, "acta", "copia")
    complete(watched, "revisar", MONDAY + timedelta(days=1), completa="no")
    answered = MONDAY + timedelta(days=7)
    complete(watched, "corregir", answered, "maria", productos=["copia", "archivo"])
    assert terms(watched) == {"copia": (end_of(10), False), "archivo": (end_of(10), False)}
    assert watched.case(case_id).due_at == due_of(watched, "revisar") == end_of(10)
    started = {row.key: row.started_at for row in watched.all(sa.select(term))}
    assert started == {"copia": MONDAY, "archivo": answered}
    complete(watched, "revisar", answered, completa="si")
    run_out(watched, case_id, end_of(31))
    assert [(which, sorted(what)) for which, what, _when in told(watched)] == [
        (which, ["archivo", "copia"]) for which in ("avisar", "escalar", "escalar_mas")
    ], "the one added is watched, the one dropped is not"
    assert watched.replayed(case_id).identical


@pytest.mark.req("C-48")
def test_a_product_added_after_a_second_correction_counts_from_the_last_answer(watched: CaseOffice) -> None:
    case_id = start(watched, "copia")
    for day in (1, 3):
        complete(watched, "revisar", MONDAY + timedelta(days=day), completa="no")
        complete(watched, "corregir", MONDAY + timedelta(days=day), "maria", productos=["copia"])
    complete(watched, "revisar", MONDAY + timedelta(days=4), completa="no")
    answered = MONDAY + timedelta(days=4, hours=1)
    complete(watched, "corregir", answered, "maria", productos=["copia", "acta"])
    assert terms(watched)["acta"][0] == end_of(13), "answered on Friday: five days from Monday"
    assert watched.replayed(case_id).identical


@pytest.mark.req("C-48")
def test_what_is_ready_stays_ready_when_the_rest_is_begun_again(watched: CaseOffice) -> None:
    watched.publish({**BUNDLE, "proceso.bpmn": _ready_then_corrected()}, "vigilado")
    case_id = start(watched, "acta", "copia")
    complete(watched, "corregir", MONDAY + timedelta(days=1), "maria", productos=["acta"])
    assert terms(watched) == {"acta": (end_of(10), False), "copia": (end_of(3), True)}
    assert watched.replayed(case_id).identical


@pytest.mark.req("C-48")
def test_a_term_begun_while_the_requester_is_waited_for_stands_still_at_once(watched: CaseOffice) -> None:
    watched.publish({**BUNDLE, "proceso.bpmn": _begun_in_a_pause()}, "vigilado")
    case_id = start(watched, "acta")
    complete(watched, "revisar", MONDAY + timedelta(days=1), completa="si")
    kept = watched.one(sa.select(term))
    assert kept.paused_at == MONDAY + timedelta(days=1), "the task of the requester was open before"
    assert watched.case(case_id).paused_at == kept.paused_at
    assert {at.year for at in dates(watched)["vence"]} == {9999}
    complete(watched, "corregir", MONDAY + timedelta(days=3), "maria", productos=["acta"])
    assert terms(watched) == {"acta": (end_of(12), False)}, "none of the five had run; they follow the answer"
    assert dates(watched)["vence"] == [end_of(12)]
    assert watched.replayed(case_id).identical


def _ready_then_corrected() -> bytes:
    d = Diagram("vigilado", lane="Solicitante")
    form = properties(formJsonSchemaFilename="productos.json")
    begin = "<bpmn:script>vence = iniciar_plazos(productos, tramite.carta.plazos)\n"
    ready = begin + "listo = cumplir_plazo('copia')</bpmn:script>"
    stops = properties(formJsonSchemaFilename="productos.json", pausaPlazo="true")
    d.chain(
        d.node("startEvent", "inicio", form), d.node("scriptTask", "uno", ready), d.node("userTask", "corregir", stops)
    )
    d.chain("corregir", d.node("scriptTask", "otra", begin + "</bpmn:script>"), d.node("userTask", "esperar"))
    d.chain("esperar", d.node("endEvent", "fin", properties(desenlace="fin")))
    return d.xml()


def _begun_in_a_pause() -> bytes:
    """The requester's task is open beside the office's, which begins the term."""
    d = Diagram("vigilado", lane="Secretaría")
    form = properties(formJsonSchemaFilename="productos.json")
    stops = properties(formJsonSchemaFilename="productos.json", pausaPlazo="true")
    begin = "<bpmn:script>vence = iniciar_plazos(productos, tramite.carta.plazos)</bpmn:script>"
    d.chain(d.node("startEvent", "inicio", form), d.node("parallelGateway", "abre"))
    d.chain("abre", d.node("userTask", "corregir", stops), d.node("endEvent", "corregida"))
    d.chain("abre", d.node("userTask", "revisar", form.replace("productos", "revision")))
    d.chain("revisar", d.node("scriptTask", "empieza", begin))
    d.chain("empieza", d.node("intermediateCatchEvent", "vence", timer("timeDate", "plazo('acta', 100)")))
    d.chain("vence", d.node("endEvent", "vencida"))
    xml = d.xml().decode().replace("<bpmn:flowNodeRef>corregir</bpmn:flowNodeRef>", "")
    own = (
        '<bpmn:lane id="l2" name="Solicitante"><bpmn:flowNodeRef>corregir</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'
    )
    return xml.replace("</bpmn:laneSet>", own).encode()
