"""What the Carta promises of the certificates: B1 within 3 días hábiles, B2 within 1; which products, and for whom."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
import sqlalchemy as sa

from engine import people
from engine.calendar import load_calendar
from engine.cases import StartCase, start_case
from engine.errors import NotAllowed
from engine.storage.tables import case, term
from tests.processes.world import World

B1, B2 = "solicitar_certificado", "solicitar_certificacion"
PROCESS = B2
FOR_WHOM = {"destino": "Universidad de Cuenca", "declaracion": True}
ASKED = {
    "certificado_institucional": {"tipo": "matricula"},
    "matriz_digital": {"tipo": "matricula"},
    "digitalizacion": {"documento_pedido": "Programa de estudios de 2018"},
    "gestion_archivo": {"gestion_pedida": "Expediente de admisión de 2022"},
}


def ask(world: World, *products: str, by: uuid.UUID | None = None, process: str = PROCESS) -> uuid.UUID:
    answers = {"productos": list(products), **FOR_WHOM}
    for product in products:
        answers |= ASKED[product]
    if process == B1:
        answers |= {"tipo": "merito", "logro": "Mejor promedio"}
    return start_case(StartCase(process, by or world.requester, answers, uuid.uuid4()), world.app.engine).case_id


def terms(world: World, case_id: uuid.UUID) -> dict[str, tuple[int, datetime]]:
    with world.app.database.read() as conn:
        rows = conn.execute(sa.select(term.c.key, term.c.days, term.c.due_at).where(term.c.case_id == case_id))
        return {row.key: (row.days, row.due_at) for row in rows}


@pytest.mark.parametrize(
    "product",
    [
        pytest.param("certificado_institucional", marks=pytest.mark.req("C-43")),
        pytest.param("matriz_digital", marks=pytest.mark.req("C-41")),
        pytest.param("digitalizacion", marks=pytest.mark.req("C-42")),
        pytest.param("gestion_archivo", marks=pytest.mark.req("C-44")),
    ],
)
def test_each_product_is_promised_within_one_business_day(world: World, product: str) -> None:
    world.publish(PROCESS)
    promised = terms(world, ask(world, *{"certificado_institucional", product}))[product]
    with world.app.database.read() as conn:
        calendar = load_calendar(conn, world.app.config)
    assert promised == (1, calendar.due_instant(world.clock.now(), 1))


@pytest.mark.parametrize(
    "product",
    [
        pytest.param("matriz_digital", marks=pytest.mark.req("C-37")),
        pytest.param("digitalizacion", marks=pytest.mark.req("C-38")),
        pytest.param("certificado_institucional", marks=pytest.mark.req("C-39")),
    ],
)
def test_each_product_of_the_personal_certificate_is_promised_within_three(world: World, product: str) -> None:
    world.publish(B1)
    promised = terms(world, ask(world, product, process=B1))[product]
    with world.app.database.read() as conn:
        calendar = load_calendar(conn, world.app.config)
    assert promised == (3, calendar.due_instant(world.clock.now(), 3))


@pytest.mark.req("C-40", "C-48")
def test_each_product_asked_for_has_its_own_term_and_the_case_is_due_at_the_latest(world: World) -> None:
    world.publish(PROCESS)
    case_id = ask(world, *ASKED)
    promised = terms(world, case_id)
    with world.app.database.read() as conn:
        due_at = conn.scalar(sa.select(case.c.due_at).where(case.c.id == case_id))
    assert set(promised) == set(ASKED)
    assert due_at == max(due for _days, due in promised.values())


@pytest.mark.req("C-34")
@pytest.mark.parametrize("profile", ["estudiante", "graduado"])
def test_the_service_is_for_students_and_graduates(world: World, profile: str) -> None:
    world.publish(PROCESS)
    assert ask(world, "certificado_institucional", by=somebody(world, profile))


@pytest.mark.req("C-34")
@pytest.mark.parametrize("profile", ["administrativo", "externo", None])
def test_nobody_else_may_ask_for_it(world: World, profile: str | None) -> None:
    stranger = somebody(world, profile)
    for process in (B1, B2):
        world.publish(process)
        with pytest.raises(NotAllowed, match="estudiantes y graduados"):
            ask(world, "certificado_institucional", by=stranger, process=process)


def somebody(world: World, profile: str | None) -> uuid.UUID:
    with world.app.database.write() as conn:
        return people.create_person(
            conn,
            username=f"persona.{profile}",
            given_names="Ana Lucía",
            family_names="Íñiguez Paz",
            email="ana.iniguez@une.example",
            profile=profile,
            at=world.clock.now(),
        )
