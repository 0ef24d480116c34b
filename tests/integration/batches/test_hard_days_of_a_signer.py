"""A signer whose delegation ended yesterday, whose certificate expired, whose PIN is paused, whose key is gone: the
page and the engine refuse, and say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from engine import people
from engine.cases import CompleteTask, complete_task
from engine.errors import NotAllowed, NotFound, SignatureRefused, TooMany, WrongPin
from engine.inbound.sign_task import SignTask, sign_and_complete
from engine.signing import add_pkcs12
from engine.storage.tables import holding, signing_key
from tests.support.batch_office import BatchOffice, open_batch_office
from tests.support.pki import PIN, Authority, authority  # noqa: F401 - a fixture
from web.app import create_app
from web.security import limiter

DAY = timedelta(days=1)

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # nothing here is a matter of the database


@pytest.fixture
def office(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[BatchOffice]:  # noqa: F811
    with open_batch_office(database_url, tmp_path / "data", authority.pki) as opened:
        opened.start(1)
        yield opened


def today(office: BatchOffice) -> date:
    return office.app.clock.now().astimezone(office.app.config.zone).date()


def lend(office: BatchOffice, authority: Authority, until: date) -> UUID:  # noqa: F811
    """Rosa signs for Fiorella until that day."""
    rosa, at = office.people["rosa"], office.app.clock.now()
    with office.app.database.write() as conn:
        people.delegate(
            conn, office.people["general"], rosa, "secretario_general", until - 5 * DAY, until, "Vacaciones", at
        )
        data = authority.pki.person_pkcs12("Rosa Elvira", None, PIN)
        add_pkcs12(conn, rosa, data, PIN, "Firma de Rosa", at)
    return rosa


def sign(office: BatchOffice, who: UUID, pin: str = PIN) -> None:
    (task_id,) = office.open_tasks("firmar")
    sign_and_complete(SignTask(task_id, who, pin, {"decision": "firmar"}, request_id=uuid4()), office.app)


def browser(office: BatchOffice, who: UUID) -> FlaskClient:
    face = create_app(office.app)
    limiter.reset()
    client = face.test_client()
    with office.app.database.write() as conn:
        token = people.open_session(conn, who, "127.0.0.1", "test", office.app.clock.now(), 10)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


@pytest.mark.req("C-24")
def test_a_delegation_that_ended_yesterday_signs_nothing_and_says_until_when_and_who_can(
    office: BatchOffice,
    authority: Authority,  # noqa: F811
) -> None:
    yesterday = today(office) - DAY
    rosa = lend(office, authority, yesterday)
    said = f"Fiorella D'Angelo como Secretario General terminó el {yesterday:%d/%m/%Y}. Hoy puede hacerlo: Fiorella"
    with pytest.raises(NotAllowed, match=said):
        sign(office, rosa)
    (task_id,) = office.open_tasks("firmar")
    with pytest.raises(NotAllowed, match=said):
        complete_task(CompleteTask(task_id, rosa, {}, uuid4()), office.app.engine)
    client = browser(office, rosa)
    page = client.get(f"/bandeja/{task_id}")
    assert page.status_code == 403
    assert f"terminó el {yesterday:%d/%m/%Y}" in page.text
    assert office.signed() == []
    sign(office, office.people["general"])


@pytest.mark.req("C-24")
def test_who_had_taken_the_task_before_the_delegation_ended_reads_why_and_can_let_it_go(
    office: BatchOffice,
    authority: Authority,  # noqa: F811
) -> None:
    rosa = lend(office, authority, today(office))
    (task_id,) = office.open_tasks("firmar")
    office.app.inbox.claim(office.viewer("rosa"), task_id)
    office.app.clock.instant += DAY  # type: ignore[attr-defined]
    client = browser(office, rosa)
    page = client.get(f"/bandeja/{task_id}")
    assert page.status_code == 200
    assert "Usted ya no puede hacer esta tarea" in page.text
    assert 'name="pin"' not in page.text
    office.app.inbox.release(office.viewer("rosa"), task_id)
    sign(office, office.people["general"])


def test_a_charge_that_ended_is_told_and_one_never_held_is_not(office: BatchOffice) -> None:
    general, yesterday = office.people["general"], today(office) - DAY
    with office.app.database.write() as conn:
        conn.execute(holding.update().where(holding.c.person_id == general).values(until=yesterday))
    with pytest.raises(NotAllowed, match=r"Usted fue Secretario General hasta el .* Hoy nadie tiene esa función"):
        sign(office, general)
    with pytest.raises(NotFound):
        sign(office, office.people["maria"])


@pytest.mark.req("R-9")
def test_a_certificate_that_expired_since_the_document_was_drafted_does_not_sign(
    office: BatchOffice,
    authority: Authority,  # noqa: F811
) -> None:
    general, now = office.people["general"], office.app.clock.now()
    with office.app.database.write() as conn:
        data = authority.pki.person_pkcs12("Fiorella", None, PIN, since=now - DAY, until=now + DAY)
        add_pkcs12(conn, general, data, PIN, "Por vencer", now)
    office.app.clock.instant += 2 * DAY  # type: ignore[attr-defined]
    with pytest.raises(SignatureRefused, match=r"venció el \d\d/\d\d/\d{4}. Renuévelo para firmar"):
        sign(office, general)
    assert "venció" in browser(office, general).get("/lotes/firmar").text


@pytest.mark.req("R-9")
def test_a_paused_pin_and_a_key_that_was_removed_are_told_with_what_to_do(office: BatchOffice) -> None:
    general = office.people["general"]
    for _ in range(3):
        with pytest.raises(WrongPin):
            sign(office, general, "0000")
    with pytest.raises(TooMany, match=r"en pausa por 3 PIN equivocados. Vuelva a intentarlo en 15 minutos"):
        sign(office, general)
    with office.app.database.write() as conn:
        conn.execute(signing_key.update().values(retired_at=office.app.clock.now()))
    with pytest.raises(SignatureRefused, match="Cárguela en su cuenta"):
        sign(office, general)
    assert "no tiene un certificado de firma" in browser(office, general).get("/lotes/firmar").text
