"""Messages between cases on both databases: who gets them, who does not, and what becomes of those that nobody takes."""

from __future__ import annotations

import json
import uuid
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.cases import (
    CompleteTask,
    DeliverMessage,
    ResolveIncident,
    RetryIncident,
    StartCase,
    WithdrawCase,
    complete_task,
    deliver_message,
    resolve_incident,
    retry_incident,
    start_case,
    withdraw_case,
)
from engine.errors import EngineFault, NobodyWaits, RequestReused
from engine.inbound.worker import run_job
from engine.storage.tables import event, incident, job, wait
from tests.support.case_office import CaseOffice
from tests.support.diagrams import Diagram, properties

MANIFEST = """
[proceso]
id = "{name}"
titulo = "Proceso de prueba"
descripcion = "Escribe o espera."
serie = "{series}"
responsable = "Nadie"
[carriles]
"Secretaría" = "secretaria"
"""
PAYLOAD = (
    '<bpmn:messageEventDefinition messageRef="m1"><bpmn:extensionElements><spiffworkflow:messagePayload>'
    '{"nota": 9, "de": tramite.numero}</spiffworkflow:messagePayload></bpmn:extensionElements></bpmn:messageEventDefinition>'
)
CATCH = (
    '<bpmn:messageEventDefinition messageRef="m1"><bpmn:extensionElements><spiffworkflow:messageVariable>'
    "respuesta</spiffworkflow:messageVariable></bpmn:extensionElements></bpmn:messageEventDefinition>"
)


def _publish(office: CaseOffice, drawing: Diagram, series: str) -> None:
    manifest = MANIFEST.format(name=drawing.id, series=series).encode()
    office.publish({"proceso.bpmn": drawing.xml(), "proceso.toml": manifest}, drawing.id)


@pytest.fixture
def letters(office: CaseOffice) -> CaseOffice:
    """``emisora`` writes with the key «acta-7» and goes on; ``receptora`` waits for that key; ``numerada`` for its own
    number; ``doble`` waits with another key while it writes."""
    sender, receiver, own, both = (
        Diagram(name, lane="Secretaría") for name in ("emisora", "receptora", "numerada", "doble")
    )
    for d in (sender, receiver, own, both):
        d.root("message", "m1", "listo")
        d.node("startEvent", "inicio")
        d.node("endEvent", "fin")
        d.node("userTask", "seguir")
    key, other = properties(clave="'acta-7'"), properties(clave="'acta-8'")
    sender.chain("inicio", sender.node("intermediateThrowEvent", "avisar", key + PAYLOAD), "seguir", "fin")
    receiver.chain("inicio", receiver.node("intermediateCatchEvent", "esperar", key + CATCH), "seguir", "fin")
    own.chain("inicio", own.node("intermediateCatchEvent", "esperar", CATCH), "seguir", "fin")
    both.chain(
        "inicio", both.node("parallelGateway", "abre"), both.node("intermediateCatchEvent", "oir", other + CATCH)
    )
    both.chain("abre", "seguir", both.node("intermediateThrowEvent", "avisar", key + PAYLOAD), "fin")
    both.chain("oir", both.node("endEvent", "fin2"))
    for d, series in ((sender, "EM"), (receiver, "RE"), (own, "NU"), (both, "DO")):
        _publish(office, d, series)
    return office


def start(office: CaseOffice, process: str) -> UUID:
    return start_case(StartCase(process, office.maria, {}, uuid.uuid4()), office.app.engine).case_id


def message_key(office: CaseOffice) -> str:
    return str(office.one(sa.select(job.c.key).where(job.c.status == "queued")).key)


def give_up(office: CaseOffice) -> tuple[str, Any]:
    """Try until no more → (job, incident)."""
    key = message_key(office)
    for _ in range(office.app.config.job_attempts):
        run_job(office.app, key)
    return key, office.one(sa.select(incident).order_by(incident.c.opened_at.desc()))


def deliveries(office: CaseOffice) -> int:
    return len(office.all(sa.select(event.c.n).where(event.c.kind == "message_delivered")))


def test_the_case_that_waits_gets_what_the_other_wrote_and_both_replay(letters: CaseOffice) -> None:
    receiver, sender = start(letters, "receptora"), start(letters, "emisora")
    run_job(letters.app, message_key(letters))
    assert list(letters.open_tasks(receiver)) == ["seguir"]
    written = json.loads(letters.one(sa.select(event.c.data).where(event.c.kind == "message_delivered")).data)
    assert written["changes"]["respuesta"] == [None, {"nota": 9, "de": letters.case(sender).number}]
    assert letters.replayed(receiver).identical
    assert letters.replayed(sender).identical
    assert letters.all(sa.select(incident)) == []


def test_a_message_delivered_twice_counts_once(letters: CaseOffice) -> None:
    receiver = start(letters, "receptora")
    command = DeliverMessage("listo", "acta-7", {"nota": 1}, uuid.uuid4())
    first, second = (deliver_message(command, letters.app.engine) for _ in range(2))
    assert (first.case_id, first.event, first.opened) == (second.case_id, second.event, second.opened)
    assert deliveries(letters) == 1
    with pytest.raises(NobodyWaits):
        deliver_message(DeliverMessage("listo", "acta-7", {"nota": 1}, uuid.uuid4()), letters.app.engine)
    with pytest.raises(RequestReused):
        deliver_message(DeliverMessage("otro", "acta-7", {"nota": 1}, command.request_id), letters.app.engine)
    assert letters.kinds(receiver) == ["case_started", "message_delivered"]


def test_a_message_without_a_key_of_its_own_reaches_the_case_by_its_number(letters: CaseOffice) -> None:
    mine, other = start(letters, "numerada"), start(letters, "numerada")
    command = DeliverMessage("listo", letters.case(mine).number, {}, uuid.uuid4())
    assert deliver_message(command, letters.app.engine).case_id == mine
    assert list(letters.open_tasks(other)) == []


def test_nobody_waits_and_after_the_retries_a_person_sees_it_and_sends_it_again(letters: CaseOffice) -> None:
    sender = start(letters, "emisora")
    key, seen = give_up(letters)
    assert (seen.case_id, seen.status, seen.permanent) == (sender, "open", False)
    assert "«listo», clave «acta-7»" in seen.cause
    assert letters.open_tasks(sender), "who wrote goes on meanwhile"
    receiver = start(letters, "receptora")
    again = RetryIncident(seen.id, letters.people["rosa"], "Ya espera", uuid.uuid4())
    assert retry_incident(again, letters.app.engine) == retry_incident(again, letters.app.engine)
    run_job(letters.app, key)
    assert letters.one(sa.select(job.c.status).where(job.c.key == key)).status == "done"
    assert list(letters.open_tasks(receiver)) == ["seguir"]
    assert letters.replayed(sender).identical


def test_a_message_that_nobody_will_take_is_set_aside_by_a_person(letters: CaseOffice) -> None:
    sender = start(letters, "emisora")
    key, seen = give_up(letters)
    command = ResolveIncident(seen.id, letters.people["rosa"], {}, "El otro trámite ya terminó", uuid.uuid4())
    assert resolve_incident(command, letters.app.engine) == resolve_incident(command, letters.app.engine)
    assert letters.one(sa.select(incident.c.status)).status == "resolved"
    assert letters.one(sa.select(job.c.status).where(job.c.key == key)).status == "done"
    assert letters.kinds(sender) == ["case_started", "job_failed", "incident_resolved"]
    (task,) = letters.open_tasks(sender).values()
    end = complete_task(CompleteTask(task, letters.people["rosa"], {}, uuid.uuid4()), letters.app.engine)
    assert end.status == "completed"
    assert letters.replayed(sender).identical


def test_an_incident_does_not_outlive_its_case(letters: CaseOffice) -> None:
    sender = start(letters, "emisora")
    _, seen = give_up(letters)
    assert seen.status == "open"
    withdraw_case(WithdrawCase(sender, letters.maria, "Ya no", uuid.uuid4()), letters.app.engine)
    assert letters.one(sa.select(incident.c.status)).status == "obsolete"


def test_two_cases_cannot_wait_for_the_same_message_with_the_same_key(letters: CaseOffice) -> None:
    first = start(letters, "receptora")
    with pytest.raises(EngineFault, match="misma clave"):
        start(letters, "receptora")
    assert [row.case_id for row in letters.all(sa.select(wait.c.case_id))] == [first]


def test_a_case_that_waits_with_another_key_does_not_take_its_own_message(letters: CaseOffice) -> None:
    case_id, receiver = start(letters, "doble"), start(letters, "receptora")
    letters.complete(letters.open_tasks(case_id)["seguir"])
    run_job(letters.app, message_key(letters))
    assert list(letters.open_tasks(receiver)) == ["seguir"]
    assert [row.correlation for row in letters.all(sa.select(wait.c.correlation))] == ["acta-8"]
    assert letters.case(case_id).status == "open"
    assert letters.replayed(case_id).identical
