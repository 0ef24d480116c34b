"""Below target: a measure is asked for once, answered, published; and the report of the period."""

from __future__ import annotations

import io
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
import sqlalchemy as sa

from engine.carta import seed_edition
from engine.cases import CompleteTask, StartCase, complete_task, start_case
from engine.documents import find_by_code, find_original
from engine.errors import InvalidAnswers
from engine.inbound.worker import run_job
from engine.indicators import Indicators, Measure, Query, list_measures, period_report, read_report, review
from engine.indicators.months import shift, write_month
from engine.signing import DemoPki, DemoServer, open_demo_pki
from engine.signing.verdict import State
from engine.signing.verify import verify_pdf
from engine.storage.tables import case, corrective_measure, indicator_month, job, task
from tests.processes.world import World, open_world
from web.app import create_app

ANSWER = {
    "causa": "Dos semanas sin quien revisara los borradores.",
    "medida": "Dos personas podrán revisar borradores.",
    "responsable_medida": "Ana Lucía Villacís Arteaga",
    "fecha_medida": "2027-04-15",
}


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoPki]:
    made = open_demo_pki(tmp_path_factory.mktemp("pki"), "Universidad Nacional del Estuario")
    with DemoServer(made):
        yield made


@pytest.fixture
def world(database_url: str, tmp_path: Path, pki: DemoPki) -> Iterator[World]:
    with open_world(database_url, tmp_path, pki) as opened:
        yield opened


def _below(world: World, kept: int = 5, late: int = 3) -> int:
    """B1 kept less than nine of ten in the month before; → that month."""
    world.publish("medida_correctiva")
    now = world.clock.now().astimezone(world.app.config.zone)
    month = shift(now.year * 100 + now.month, -1)
    key = {"month": month, "process": "p", "service": "B1", "channel": "portal", "product": "uno", "value": 0}
    with world.app.database.write() as conn:
        seed_edition(conn, world.app.config, world.clock.now())
        rows = [{**key, "measure": "kept", "count": kept}, {**key, "measure": "late", "count": late}]
        conn.execute(indicator_month.insert(), rows)
    return month


def _complete(world: World, element: str, role: str, **answers: str) -> None:
    query = sa.select(job.c.key).where(job.c.status == "queued").limit(1)
    for _ in range(9):
        with world.app.database.read() as conn:
            key = conn.scalar(query)
            waiting = conn.scalar(sa.select(task.c.id).where(task.c.element == element, task.c.status == "open"))
        if key is None:
            break
        run_job(world.app, key)
    assert waiting is not None
    complete_task(CompleteTask(waiting, world.staff[role], answers, uuid.uuid4()), world.app.engine)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_measure_whose_owner_asks_for_more_is_told_and_stops_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _below(world)

    def refuse(*_given: object) -> None:
        raise InvalidAnswers({"presupuesto": "Responda a esta pregunta."})

    monkeypatch.setattr(sys.modules["engine.indicators.review"], "start_case", refuse)
    assert review(world.app) == []
    assert "does not begin by itself any more: presupuesto" in caplog.text


def _measures(world: World) -> list[Measure]:
    with world.app.database.read() as conn:
        return list_measures(conn)


@pytest.mark.req("C-16", "C-51")
def test_below_target_a_measure_is_asked_for_once_and_its_answer_is_published(world: World) -> None:
    month = _below(world)
    asked = review(world.app)
    assert [(one.service, one.month) for one in asked] == [("B1", month)]
    assert review(world.app) == []
    (measure,) = _measures(world)
    assert (measure.number, measure.on_time, measure.due, measure.goal) == (asked[0].number, 5, 8, 90)
    assert not measure.published
    assert measure.cause == ""  # nothing is told before it is reviewed
    _complete(world, "responder_medida", "jefe_secretaria", **ANSWER)
    assert _measures(world)[0].cause == ""
    _complete(world, "revisar_medida", "secretario_general", decision_medida="publicar")
    (measure,) = _measures(world)
    assert measure.published
    assert (measure.cause, measure.action) == (ANSWER["causa"], ANSWER["medida"])
    assert str(measure.due_on) == "2027-04-15"
    page = create_app(world.app).test_client().get("/carta/indicadores").text
    assert ANSWER["causa"] in page


def test_a_review_that_died_between_the_case_and_its_row_asks_for_no_second_one(world: World) -> None:
    _below(world)
    first = review(world.app)
    with world.app.database.write() as conn:
        conn.execute(corrective_measure.delete())  # as if the worker had died there
    assert [one.number for one in review(world.app)] == [one.number for one in first]
    assert len(_measures(world)) == 1
    with world.app.database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).where(case.c.process == "medida_correctiva")) == 1


def test_too_few_cases_or_a_kept_target_ask_for_nothing(world: World) -> None:
    _below(world, kept=1, late=3)
    assert review(world.app) == []


def test_the_report_of_a_period_is_sealed_kept_and_found_by_anybody(world: World) -> None:
    month = _below(world)
    board = Indicators(world.app).board(Query(month, month))
    by, request_id = world.staff["secretario_general"], uuid.uuid4()
    made = period_report(world.app, board, by, request_id)
    assert period_report(world.app, board, by, request_id) == made
    document, pdf = read_report(world.app, made.id)
    assert document.code is not None
    with world.app.database.read() as conn:
        assert find_by_code(conn, document.code) == document
        found = find_original(conn, pdf)
    assert found is not None
    assert found.how == "exact"
    verdict = verify_pdf(pdf, world.app.signing.trust, original=pdf, at=world.clock.now())
    assert (verdict.integrity.state, verdict.archive.state) == (State.OK, State.OK)
    page = create_app(world.app).test_client().get(f"/verificar/{document.code}")
    assert "Informe de indicadores" in page.text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.open_metadata().pdfa_status == "2B"


@pytest.mark.req("C-51")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_measure_that_a_person_began_is_published_as_the_others_are_and_asked_for_no_more(world: World) -> None:
    month = _below(world)
    begun = {
        "servicio": "B1",
        "servicio_nombre": "Certificado",
        "mes": write_month(month),
        "cumplidos": 5,
        "vencian": 8,
        "meta": 90,
    }
    by = world.staff["jefe_secretaria"]
    made = start_case(StartCase("medida_correctiva", by, begun, uuid.uuid4()), world.app.engine)
    assert review(world.app) == []
    (measure,) = _measures(world)
    assert (measure.number, measure.month, measure.on_time, measure.due) == (made.number, month, 5, 8)
    assert (measure.published, measure.cause) == (False, "")
    _complete(world, "responder_medida", "jefe_secretaria", **ANSWER)
    _complete(world, "revisar_medida", "secretario_general", decision_medida="publicar")
    assert [(one.published, one.cause) for one in _measures(world)] == [(True, ANSWER["causa"])]
    with world.app.database.read() as conn:
        assert list_measures(conn, "B2") == []
    assert ANSWER["causa"] in create_app(world.app).test_client().get("/carta/indicadores").text
