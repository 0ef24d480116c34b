"""A timer is due and the diagram cannot go on after it: a person sees it, mends what is wrong and retries."""

from __future__ import annotations

import uuid
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.cases import ResolveIncident, RetryIncident, StartCase, resolve_incident, retry_incident, start_case
from engine.inbound.timers import tick
from engine.inbound.worker import run_job
from engine.storage.tables import case, incident, job
from tests.integration.cases.test_messages import MANIFEST
from tests.support.case_office import CaseOffice
from tests.support.diagrams import Diagram, timer


@pytest.fixture
def stuck(office: CaseOffice) -> UUID:
    """A case whose script fails when its hour has passed."""
    d = Diagram("reloj", lane="Secretaría")
    late = d.node("intermediateCatchEvent", "una_hora", timer("timeDuration", '"PT1H"'))
    fails = d.node("scriptTask", "falla", "<bpmn:script>x = no_existe + 1</bpmn:script>")
    d.chain(d.node("startEvent", "inicio"), late, fails, d.node("endEvent", "fin"))
    manifest = MANIFEST.format(name="reloj", series="RJ").encode()
    office.publish({"proceso.bpmn": d.xml(), "proceso.toml": manifest}, "reloj")
    case_id = start_case(StartCase("reloj", office.maria, {}, uuid.uuid4()), office.app.engine).case_id
    office.clock.advance(timedelta(hours=1))
    return case_id


def test_it_becomes_one_incident_with_its_cause(office: CaseOffice, stuck: UUID) -> None:
    for _ in range(3):
        assert tick(office.app) == (0, [stuck])
    seen = office.one(sa.select(incident))
    assert (seen.case_id, seen.status, seen.element) == (stuck, "open", "una_hora")
    assert seen.cause.startswith("Un plazo venció y el trámite no pudo seguir: ")
    assert "no_existe" in seen.cause
    assert office.kinds(stuck) == ["case_started", "job_failed"]
    assert office.replayed(stuck).identical


def test_a_retry_that_fails_is_an_incident_again(office: CaseOffice, stuck: UUID) -> None:
    tick(office.app)
    first = office.one(sa.select(incident.c.id)).id
    retry_incident(RetryIncident(first, office.people["rosa"], "A ver", uuid.uuid4()), office.app.engine)
    run_job(office.app, office.one(sa.select(job.c.key)).key)
    assert [row.status for row in office.all(sa.select(incident.c.status).order_by(incident.c.opened_at))] == [
        "retried",
        "open",
    ]


def test_what_mends_itself_closes_its_incident(office: CaseOffice, stuck: UUID) -> None:
    whole = office.case(stuck).state
    with office.app.database.write() as conn:
        conn.execute(case.update().where(case.c.id == stuck).values(state="damaged"))
    tick(office.app)
    assert office.one(sa.select(incident.c.status)).status == "open"
    mended = whole.replace('"data":{}', '"data":{"no_existe":1}')
    mended = mended.replace('"hecho":{}', '"hecho":{},"no_existe":1')
    with office.app.database.write() as conn:
        conn.execute(case.update().where(case.c.id == stuck).values(state=mended))
    assert tick(office.app) == (1, [])
    assert office.one(sa.select(incident.c.status)).status == "obsolete"
    assert office.case(stuck).status == "completed"


def test_set_aside_it_comes_back_while_it_fails(office: CaseOffice, stuck: UUID) -> None:
    tick(office.app)
    first = office.one(sa.select(incident.c.id)).id
    command = ResolveIncident(first, office.people["rosa"], {}, "No importa", uuid.uuid4())
    resolve_incident(command, office.app.engine)
    tick(office.app)
    assert sorted(row.status for row in office.all(sa.select(incident.c.status))) == ["open", "resolved"]
