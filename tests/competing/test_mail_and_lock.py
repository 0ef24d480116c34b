"""Mail and the lock, by several at once: each letter is judged once and its case told once; of a docente's page and his letter
one statement counts; an acta is locked or annulled, never both (R-40, R-48)."""

from __future__ import annotations

import functools
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.actas.examen import get_acta, loads_of, lock_acta, move_acta, steps_of
from engine.cases import CompleteTask, complete_task
from engine.errors import CartularioError, Conflict
from engine.inbound.received import judge_new, statement
from engine.inbound.worker import run_queued
from engine.mail.incoming import mails
from engine.storage.tables import acta_paso
from engine.storage.unit_of_work import Database
from tests.competing.test_folios import at_once
from tests.processes import exam
from tests.processes.world import open_world
from tests.support.dovecot import Dovecot
from tests.support.examen import AT, actas, bring, open_mesa, read_acta
from tests.support.mail_circuit import Circuit
from tests.support.mail_desk import MailDesk, read_here
from tests.support.pki import Authority, authority

__all__ = ["authority"]

LETTERS = 6


@pytest.mark.req("R-40", "R-46")
def test_workers_that_judge_the_same_letters_at_once_tell_each_case_once(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement, "read_return", read_here)
    desk = MailDesk.open(database_url, tmp_path / "data", students=1, mesas=LETTERS)
    mails = [desk.keep(desk.written(desk.file(n), subject=f"Acta {n}")) for n in range(LETTERS)]
    at_once(*[functools.partial(judge_new, desk.app)] * 4)
    for mail_id in mails:
        desk.later(mail_id)
    assert [mail.status for mail in desk.mails()] == ["filed"] * LETTERS
    assert [len(desk.loads(n)) for n in range(LETTERS)] == [1] * LETTERS
    assert sorted(one["correo"] for one in desk.delivered()) == sorted(str(mail_id) for mail_id in mails)
    desk.app.close()


@pytest.mark.req("R-37", "R-40")
def test_of_a_docentes_page_and_his_letter_at_once_one_statement_counts_and_both_are_kept(
    database_url: str, tmp_path: Path, authority: Authority
) -> None:
    with open_world(database_url, tmp_path, authority.pki) as world, Dovecot() as imap:
        world.publish("acta_examen")
        circuit, app, docente = Circuit(world, imap), world.app, world.person("docente")
        [task_id] = circuit.open("cargar_calificaciones")
        typed = exam.load(app, circuit.acta.id, "web", {}, docente)
        circuit.post("docente", f"{circuit.acta.base}.docx", circuit.filled(absent=[2]))

        def by_page() -> Any:
            with suppress(CartularioError):  # the letter was first: the task is closed
                return complete_task(CompleteTask(task_id, docente, {"carga": typed}, uuid4()), app.engine)

        at_once(by_page, circuit.read)
        world.clock.advance(timedelta(minutes=2))
        circuit.read()
        run_queued(app)
        with app.database.read() as conn:
            steps = [step.to for step in steps_of(conn, circuit.acta.id)]
            accepted, kept = get_acta(conn, circuit.acta.id).carga_id, loads_of(conn, circuit.acta.id)
            [mail] = mails(conn)
        assert (circuit.state(), steps.count("cargada"), len(kept)) == ("en_control", 1, 2)
        assert mail.status == ("held" if str(accepted) == typed else "filed")


@pytest.mark.req("R-48")
def test_an_acta_is_locked_or_annulled_and_never_both(database: Database) -> None:
    for one in actas(database, open_mesa(database, 63)):
        bring(database, one.id, "con_notas")
        annul = {"job_key": str(uuid4()), "by": None, "at": AT, "note": "Mesa sin convocatoria."}
        lock = functools.partial(locked, database, one.id, str(uuid4()))
        results = at_once(lock, functools.partial(moved, database, one.id, "anulada", annul), lock)
        state = read_acta(database, one.id).state
        assert state in ("bloqueada", "anulada")
        assert [isinstance(said, Conflict) for said in results] == [
            state == "anulada",
            state == "bloqueada",
            state == "anulada",
        ]
        with database.read() as conn:
            steps = list(conn.scalars(sa.select(acta_paso.c.to).where(acta_paso.c.acta_id == one.id)))
        assert (steps.count("bloqueada"), steps.count("anulada")) == ((1, 0) if state == "bloqueada" else (0, 1))


def locked(database: Database, acta_id: UUID, job_key: str) -> str:
    with database.write() as conn:
        return lock_acta(conn, acta_id, job_key=job_key, by=None, at=AT)


def moved(database: Database, acta_id: UUID, to: str, how: dict[str, Any]) -> None:
    with database.write() as conn:
        move_acta(conn, acta_id, to, **how)
