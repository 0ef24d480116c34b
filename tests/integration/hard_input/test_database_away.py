"""A database that is locked, or gone for a while: whoever asks is told to wait, and the same page sent again afterwards
does what it should have done, once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.storage import unit_of_work
from engine.storage.tables import event
from tests.integration.hard_input.front_desk import FrontDesk, open_front_desk
from tests.integration.hard_input.test_hostile_requests import GOOD, post, words

Trouble = Callable[[FrontDesk], AbstractContextManager[None]]


@pytest.fixture
def hurried(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FrontDesk]:
    """An office that waits for its database for half a second."""
    monkeypatch.setattr(unit_of_work, "BUSY_TIMEOUT_MS", 500)
    with open_front_desk(database_url, tmp_path) as opened:
        yield opened


@contextmanager
def locked(desk: FrontDesk) -> Iterator[None]:
    """Somebody else holds what every command needs."""
    url = desk.app.database.url
    if desk.app.database.is_sqlite:
        other = sqlite3.connect(str(url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as conn:
        conn.exec_driver_sql('LOCK TABLE "case", request_draft IN SHARE ROW EXCLUSIVE MODE')
        yield


@contextmanager
def gone(desk: FrontDesk) -> Iterator[None]:
    """Nobody can connect, and who was connected is cut off."""
    database = desk.app.database
    if database.is_sqlite:
        file = Path(str(database.url.database))
        database.engine.dispose()
        away = file.rename(file.with_suffix(".away"))
        file.mkdir()
        yield
        file.rmdir()
        away.rename(file)
        return
    name, admin = database.url.database, _admin(database.url)
    with admin.connect() as conn:
        conn.exec_driver_sql(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        conn.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        yield
        conn.exec_driver_sql(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')


def _admin(url: sa.URL) -> sa.Engine:
    return sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)


def told_to_wait(answer: TestResponse) -> None:
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "El sistema está ocupado. Nada se perdió: vuelva a intentarlo en unos segundos." in words(answer)
    assert "Traceback" not in words(answer)


def completions(desk: FrontDesk, case_id: UUID) -> int:
    with desk.app.database.read() as conn:
        mine = (event.c.case_id == case_id) & (event.c.kind == "task_completed")
        return int(conn.scalar(sa.select(sa.func.count()).where(mine)) or 0)


@pytest.mark.parametrize("trouble", [locked, gone])
def test_a_task_sent_again_when_the_database_is_back_is_completed_once(hurried: FrontDesk, trouble: Trouble) -> None:
    case, client = hurried.start(), hurried.client("rosa")
    address = f"/bandeja/{hurried.open_task(case.case_id)}/completar"
    fields = {"admision": "admitir", "fuente_registro": "sistema", "request_id": str(uuid4())}
    with trouble(hurried):
        told_to_wait(client.post(address, data=fields))
    assert completions(hurried, case.case_id) == 0
    assert client.post(address, data=fields).status_code == 303
    assert client.post(address, data=fields).status_code == 303
    assert completions(hurried, case.case_id) == 1


@pytest.mark.parametrize("trouble", [locked, gone])
def test_a_request_sent_again_when_the_database_is_back_opens_one_case(hurried: FrontDesk, trouble: Trouble) -> None:
    client: FlaskClient = hurried.client("maria")
    address = hurried.draft_of(client)
    assert post(client, address, dict(GOOD)).location == f"{address}/revisar"
    with trouble(hurried):
        told_to_wait(post(client, address, {**GOOD, "destino": "Consulado"}))
        told_to_wait(client.post(f"{address}/enviar"))
    assert 'value="Universidad de Cuenca"' in client.get(address).get_data(as_text=True), "the draft stayed as it was"
    first, second = client.post(f"{address}/enviar"), client.post(f"{address}/enviar")
    assert first.location == second.location
    assert words(client.get("/tramites")).count("SG-2026-000001") >= 1
    assert "SG-2026-000002" not in words(client.get("/tramites"))


def test_while_the_database_is_gone_every_door_says_so_and_opens_after(hurried: FrontDesk) -> None:
    case = hurried.start()
    pages = {"/bandeja": "rosa", f"/tramites/{case.number}": "maria", "/servicios": None, "/salud": None}
    clients = {who: hurried.client(who) for who in pages.values()}
    with gone(hurried):
        for address, who in pages.items():
            answer = clients[who].get(address)
            assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5"), address
        problem = clients[None].get("/api/v1/services", headers={"Authorization": "Bearer x"})
        assert (problem.status_code, problem.headers.get("Retry-After")) == (503, "5")
        assert problem.mimetype == "application/problem+json"
    for address, who in pages.items():
        assert clients[who].get(address).status_code == 200, address
