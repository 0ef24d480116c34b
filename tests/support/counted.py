"""A service of the Carta with two products, and an office that runs it, for the tests of the indicators."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from engine.cases import (
    CompleteTask,
    Receipt,
    StartCase,
    WithdrawCase,
    complete_task,
    start_case,
    withdraw_case,
)
from engine.indicators import Board, Indicators, Query, Recount, recount
from engine.storage.tables import task
from tests.support.case_office import CaseOffice
from tests.support.diagrams import Diagram, properties, timer

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # ten in the morning in Guayaquil
MANIFEST = """
[proceso]
id = "certificado_de_prueba"
titulo = "Certificado de prueba"
descripcion = "Un producto en un día y otro en tres."
servicio = "B1"
serie = "CP"
responsable = "Nadie"
[carriles]
"Estudiante" = "solicitante"
"Secretaría" = "secretaria"
[[producto]]
codigo = "uno"
nombre = "Producto de un día"
dias = 1
[[producto]]
codigo = "tres"
nombre = "Producto de tres días"
dias = 3
"""
LANES = {"Estudiante": ["corregir"], "Secretaría": ["revisar", "entregar"]}
FORM = {
    "type": "default",
    "id": "revisar",
    "schemaVersion": 19,
    "components": [{"type": "textfield", "key": "decision", "id": "decision", "label": "Decisión"}],
}


def bundle() -> dict[str, bytes]:
    d = Diagram("certificado_de_prueba")
    end = "<bpmn:terminateEventDefinition/>"
    begin = "<bpmn:script>a = iniciar_plazo('uno', 1)\nb = iniciar_plazo('tres', 3)</bpmn:script>"
    d.chain(d.node("startEvent", "inicio"), d.node("scriptTask", "abrir", begin))
    d.chain("abrir", d.node("userTask", "revisar", properties(formJsonSchemaFilename="revisar.json")))
    d.chain("revisar", d.node("exclusiveGateway", "que", default="sigue"))
    d.node("userTask", "corregir", properties(pausaPlazo="true"))
    d.flow("que", "corregir", "decision == 'devolver'")
    d.chain("corregir", "revisar")
    silence = timer("timeDate", "dias_habiles(10)")
    d.node("boundaryEvent", "silencio", silence, attachedToRef="corregir", cancelActivity="true")
    d.chain("silencio", d.node("endEvent", "desistida", properties(desenlace="desistida") + end))
    d.node("endEvent", "rechazada", properties(desenlace="rechazada") + end)
    d.flow("que", "rechazada", "decision == 'rechazar'")
    d.node("scriptTask", "listo", "<bpmn:script>c = cumplir_plazo('uno')</bpmn:script>")
    d.flow("que", "listo", id="sigue")
    for name, said in (("negar", "negar_plazo('tres')"), ("desistir", "desistir_plazo('tres')")):
        d.node("scriptTask", f"{name}_tres", f"<bpmn:script>d = {said}</bpmn:script>")
        d.flow("que", f"{name}_tres", f"decision == '{name}'")
        d.chain(f"{name}_tres", "listo")
    d.chain("listo", d.node("userTask", "entregar"))
    d.chain("entregar", d.node("endEvent", "entregada", properties(desenlace="entregada") + end))
    lanes = "".join(
        f'<bpmn:lane id="l{i}" name="{name}">{"".join(f"<bpmn:flowNodeRef>{r}</bpmn:flowNodeRef>" for r in refs)}</bpmn:lane>'
        for i, (name, refs) in enumerate(LANES.items())
    )
    opening = b'isExecutable="true">'
    drawn = d.xml().replace(opening, opening + f'<bpmn:laneSet id="ls">{lanes}</bpmn:laneSet>'.encode())
    form = json.dumps(FORM).encode()
    return {"proceso.bpmn": drawn, "proceso.toml": MANIFEST.encode(), "forms/revisar.json": form}


class Counted:
    """What a test does with the office, and what it then reads."""

    def __init__(self, office: CaseOffice) -> None:
        self.office, self.app = office, office.app
        office.publish(bundle(), "certificado_de_prueba")
        office.clock.instant = MONDAY

    def start(self, channel: str = "portal", process: str = "certificado_de_prueba") -> UUID:
        command = StartCase(process, self.office.maria, {}, uuid.uuid4(), channel=channel, confirmed=True)
        return start_case(command, self.app.engine).case_id

    def open(self, case_id: UUID, element: str) -> UUID | None:
        query = sa.select(task.c.id).where(
            task.c.case_id == case_id, task.c.element == element, task.c.status == "open"
        )
        with self.app.database.read() as conn:
            return conn.scalar(query)

    def do(self, case_id: UUID, element: str, **answers: str) -> Receipt:
        task_id = self.open(case_id, element)
        assert task_id is not None, element
        actor = self.office.maria if element == "corregir" else self.office.people["rosa"]
        return complete_task(CompleteTask(task_id, actor, answers, uuid.uuid4()), self.app.engine)

    def deliver(self, case_id: UUID, decision: str = "seguir") -> None:
        """``decision``: seguir, both products; negar or desistir, the one of three days is not delivered."""
        self.do(case_id, "revisar", decision=decision)
        self.do(case_id, "entregar")

    def withdraw(self, case_id: UUID) -> None:
        withdraw_case(WithdrawCase(case_id, self.office.maria, "Ya no la necesito", uuid.uuid4()), self.app.engine)

    def board(self, since: int = 202603, until: int = 202603, **more: str) -> Board:
        return Indicators(self.app).board(Query(since, until, **more))

    def recount(self) -> Recount:
        now = self.office.clock.now()
        return recount(self.app.database, Indicators(self.app).service_of, now, self.app.config.zone)
