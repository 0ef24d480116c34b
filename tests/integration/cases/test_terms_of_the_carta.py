"""The twelve commitments of the Carta are the deadlines of cases: each product of each service gets its own clock, of the
edition in force when it was filed, from the business day after. On both databases.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.carta import Edition, current_edition, publish_edition, seed_edition
from engine.cases import StartCase, start_case
from engine.storage.tables import case, term
from tests.support.case_office import CaseOffice
from tests.support.diagrams import Diagram

FRIDAY = datetime(2026, 6, 5, 15, tzinfo=UTC)  # no holiday within two weeks
MONDAY, NEXT_FRIDAY, WEDNESDAY = (
    datetime(2026, 6, day, 23, 59, 59, tzinfo=UTC) + timedelta(hours=5) for day in (8, 12, 10)
)
COMMITMENTS = {  # C-29 … C-32, C-37 … C-39, C-41 … C-44, C-46, as printed
    "A1": {
        "documentos_sesiones": 5,
        "certificaciones_autenticaciones": 1,
        "administracion_archivo": 1,
        "resoluciones_certificaciones": 5,
    },
    "B1": {"matriz_digital": 3, "digitalizacion": 3, "certificado_institucional": 3},
    "B2": {"matriz_digital": 1, "digitalizacion": 1, "certificado_institucional": 1, "gestion_archivo": 1},
    "B3": {"certificado_institucional": 1},
}
DUE = {1: MONDAY, 3: WEDNESDAY, 5: NEXT_FRIDAY}


def publish(office: CaseOffice, service: str) -> str:
    process = f"servicio_{service.lower()}"
    d = Diagram(process, lane="Secretaría")
    script = "<bpmn:script>vence = iniciar_plazos(sorted(tramite.carta.plazos), tramite.carta.plazos)</bpmn:script>"
    d.chain(d.node("startEvent", "inicio"), d.node("scriptTask", "iniciar", script), d.node("userTask", "hacer"))
    d.chain("hacer", d.node("endEvent", "fin"))
    manifest = f"""
[proceso]
id = "{process}"
titulo = "Servicio"
descripcion = "Un servicio de la Carta."
servicio = "{service}"
serie = "SV"
responsable = "Secretaría General"
[carriles]
"Secretaría" = "secretaria"
"""
    office.publish({"proceso.bpmn": d.xml(), "proceso.toml": manifest.encode()}, process)
    return process


def file(office: CaseOffice, process: str) -> UUID:
    return start_case(StartCase(process, office.maria, {}, uuid.uuid4(), confirmed=True), office.app.engine).case_id


def clocks(office: CaseOffice, case_id: UUID) -> dict[str, datetime]:
    return {
        row.key: row.due_at for row in office.all(sa.select(term.c.key, term.c.due_at).where(term.c.case_id == case_id))
    }


@pytest.fixture
def chartered(office: CaseOffice) -> CaseOffice:
    office.clock.instant = FRIDAY
    with office.app.database.write() as conn:
        seed_edition(conn, office.app.config, FRIDAY)
    return office


@pytest.mark.req("C-29", "C-30", "C-31", "C-32", "C-37", "C-38", "C-39", "C-41", "C-42", "C-43", "C-44", "C-46", "C-48")
def test_each_product_filed_on_a_friday_is_due_on_the_day_that_the_carta_promises(chartered: CaseOffice) -> None:
    assert sum(len(products) for products in COMMITMENTS.values()) == 12
    for service, products in COMMITMENTS.items():
        case_id = file(chartered, publish(chartered, service))
        assert clocks(chartered, case_id) == {key: DUE[days] for key, days in products.items()}, service
        assert chartered.case(case_id).due_at == DUE[max(products.values())], service
        assert chartered.replayed(case_id).identical


@pytest.mark.req("C-48")
def test_a_running_case_keeps_the_terms_of_the_edition_with_which_it_began(chartered: CaseOffice) -> None:
    process = publish(chartered, "B3")
    before = file(chartered, process)
    with chartered.app.database.write() as conn:
        edition = current_edition(conn)
        assert edition is not None
        raw = edition.as_json()
        raw["edicion"] = 2
        raw["historico"].append({"edicion": "Segunda", "fecha": "2026-06-05", "modificaciones": "Sellado en tres días"})
        service = next(s for g in raw["gestiones"] for s in g["servicios"] if s["codigo"] == "B3")
        service["productos"][0]["dias"] = 3
        publish_edition(conn, Edition.read(raw), FRIDAY)
    after = file(chartered, process)
    assert clocks(chartered, before) == {"certificado_institucional": MONDAY}
    assert clocks(chartered, after) == {"certificado_institucional": WEDNESDAY}
    editions = {row.id: row.edition for row in chartered.all(sa.select(case.c.id, case.c.edition))}
    assert (editions[before], editions[after]) == (1, 2)
