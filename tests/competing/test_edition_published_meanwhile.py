"""An edition of the Carta published while requests are being filed, and two that are published at once.

Each request has one edition and promises exactly what that edition says; of two editions over the same one, one wins.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine import calendar, people
from engine.app import Cartulario, build
from engine.carta import Edition, apply_draft, current_edition, publish_edition, read_draft, seed_edition
from engine.cases import StartCase, start_case
from engine.clock import FixedClock
from engine.config import ROOT, Config
from engine.definitions import Bundle, publish
from engine.errors import EditionOutdated
from engine.storage.tables import case, term
from tests.support.carta import first_edition

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FIRST = first_edition()
FILERS, EACH = 3, 5
PROCESS, PRODUCT = "prueba", "certificado_institucional"
FILES = {
    "forms/solicitud.json": '{"type": "default", "id": "solicitud", "components": []}',
    "proceso.toml": """
[proceso]
id = "prueba"
titulo = "Sellado de prueba"
descripcion = "Un servicio de la Carta."
servicio = "B3"
serie = "PR"
perfiles = ["estudiante"]
responsable = "Secretaría General"
[carriles]
"Secretaría" = "secretaria"
[[producto]]
codigo = "certificado_institucional"
nombre = "Certificado institucional"
dias = 9
""",
    "proceso.bpmn": """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="https://x.example"
 xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">
<bpmn:process id="prueba" name="Prueba" isExecutable="true">
<bpmn:laneSet id="carriles"><bpmn:lane id="carril" name="Secretaría">
<bpmn:flowNodeRef>pedido</bpmn:flowNodeRef><bpmn:flowNodeRef>prometer</bpmn:flowNodeRef>
<bpmn:flowNodeRef>sellar</bpmn:flowNodeRef><bpmn:flowNodeRef>listo</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
<bpmn:startEvent id="pedido" name="Pedido"><bpmn:extensionElements><s:properties>
<s:property name="formJsonSchemaFilename" value="solicitud.json"/>
</s:properties></bpmn:extensionElements></bpmn:startEvent>
<bpmn:scriptTask id="prometer" name="Prometer el plazo">
<bpmn:script>vence = iniciar_plazo("certificado_institucional", tramite.carta.plazos.certificado_institucional)</bpmn:script>
</bpmn:scriptTask>
<bpmn:manualTask id="sellar" name="Sellar"/>
<bpmn:endEvent id="listo" name="Listo"><bpmn:extensionElements><s:properties>
<s:property name="desenlace" value="lista"/>
</s:properties></bpmn:extensionElements></bpmn:endEvent>
<bpmn:sequenceFlow id="a" sourceRef="pedido" targetRef="prometer"/>
<bpmn:sequenceFlow id="b" sourceRef="prometer" targetRef="sellar"/>
<bpmn:sequenceFlow id="c" sourceRef="sellar" targetRef="listo"/>
</bpmn:process></bpmn:definitions>
""",
}


@dataclass
class Office:
    app: Cartulario
    maria: UUID

    def file(self) -> None:
        start_case(StartCase(PROCESS, self.maria, {}, uuid.uuid4(), confirmed=True), self.app.engine)

    def publish_next(self) -> None:
        with self.app.database.write() as conn:
            current = current_edition(conn)
            assert current is not None
            publish_edition(conn, following(current), self.app.clock.now())

    def promised(self) -> list[tuple[int, int]]:
        """(edition, days of the term) of each case."""
        query = sa.select(case.c.edition, term.c.days).join(term, term.c.case_id == case.c.id)
        with self.app.database.read() as conn:
            return [(row.edition, row.days) for row in conn.execute(query)]


def following(base: Edition) -> Edition:
    """The next edition, which promises for B3 as many days as its number."""
    rows = [{}] * 11 + [{"dias": base.number + 1}]
    written = {"base": base.number, "compromisos": rows, "modificaciones": "El plazo del sellado."}
    return apply_draft(base, read_draft(written, base, date(2026, 11, 23)), date(2026, 11, 23))


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    config = Config(database_url=database_url, data_dir=tmp_path)
    app = build(config, FixedClock(MONDAY))
    with app.database.write() as conn:
        calendar.seed_feriados(conn, config, (2026,))
        seed_edition(conn, Config(bpmn_dir=ROOT / "bpmn"), MONDAY)
        bundle = Bundle(PROCESS, {name: text.encode() for name, text in FILES.items()})
        publish(conn, bundle, None, MONDAY, app.operations)
        maria = people.create_person(
            conn,
            username="maria",
            given_names="María",
            family_names="Ñ",
            email="m@une.example",
            profile="estudiante",
            at=MONDAY,
        )
    yield Office(app, maria)
    app.close()


@pytest.mark.req("C-48")
def test_each_request_has_one_edition_and_its_terms(office: Office) -> None:
    gate = Barrier(FILERS + 1)

    def filer() -> None:
        gate.wait()
        for _ in range(EACH):
            office.file()

    def publisher() -> None:
        gate.wait()
        for _ in range(EACH):
            office.publish_next()

    with ThreadPoolExecutor(FILERS + 1) as pool:
        for done in [*[pool.submit(filer) for _ in range(FILERS)], pool.submit(publisher)]:
            done.result()
    office.file()
    promised = office.promised()
    assert len(promised) == FILERS * EACH + 1
    assert all(edition == days for edition, days in promised)
    assert promised.count((EACH + 1, EACH + 1)) >= 1


@pytest.mark.req("C-1")
def test_a_running_case_keeps_the_edition_that_it_began_with(office: Office) -> None:
    office.file()
    office.publish_next()
    office.file()
    assert sorted(office.promised()) == [(1, 1), (2, 2)]


def test_of_two_editions_published_at_once_over_the_same_one_only_the_first_is(office: Office) -> None:
    gate, second = Barrier(2), following(FIRST)

    def act(job: str) -> bool:
        gate.wait()
        try:
            with office.app.database.write() as conn:
                publish_edition(conn, second, MONDAY, job_key=job)
        except EditionOutdated:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, ("una", "otra"))) == [False, True]
    with office.app.database.read() as conn:
        assert current_edition(conn) == second
