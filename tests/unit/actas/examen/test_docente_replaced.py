"""Another docente takes a mesa mid-way: who is asked from then on, and whose name stays on what is loaded."""

import pytest
import sqlalchemy as sa

from engine import people
from engine.actas.examen import (
    accept_grades,
    acta_data,
    actas_of_mesa,
    get_mesa,
    record_load,
    replace_docente,
    tribunal_of,
)
from engine.errors import Conflict
from engine.storage.tables import acta, docente_cambio, document
from tests.support.examen import AT, ZONE, actas, bring, open_mesa, prepare, statement
from tests.unit.actas.examen.test_publication import account


@pytest.fixture
def backend():
    return "sqlite"


def test_a_docente_is_replaced_mid_way_with_its_reason_and_only_once(database):
    mesa = open_mesa(database, 1)
    new = account(database, "dni", "33333333", "suplente")
    how = {"reason": "Licencia", "by": None, "at": AT}
    for _ in range(2):
        with database.write() as conn:
            replace_docente(conn, mesa, new, job_key="cambio", **how)
    with database.read() as conn:
        made = actas_of_mesa(conn, mesa)[0]
        data = acta_data(conn, made.id)
    assert (data["docente"], data["tribunal"]) == ("Ana Paz", ["Ana Paz"])
    with database.read() as conn:
        words = conn.scalar(sa.select(acta.c.search)).split()
    assert ("ana" in words, "irene" in words) == (True, False), "it is found by who is responsible now"
    bring(database, made.id, "bloqueada")
    with database.write() as conn, pytest.raises(Conflict, match="bloqueada"):
        replace_docente(conn, mesa, new, job_key="otro", **how)
    with database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(document)) == 1


def test_a_docente_is_replaced_while_some_acta_of_the_mesa_is_not_locked(database):
    mesa = open_mesa(database, 22)
    new = account(database, "dni", "33333333", "suplente")
    first, second = actas(database, mesa)
    bring(database, first.id, "bloqueada")
    with database.read() as conn:
        kept = conn.execute(sa.select(acta).where(acta.c.id == first.id)).one()
    how = {"reason": "Licencia", "by": new, "at": AT}
    with database.write() as conn:
        replace_docente(conn, mesa, new, job_key="cambio", **how)
    with database.read() as conn:
        assert get_mesa(conn, mesa).docente_id == new
        assert conn.execute(sa.select(acta).where(acta.c.id == first.id)).one() == kept
        words = conn.scalar(sa.select(acta.c.search).where(acta.c.id == second.id)).split()
        changed = conn.execute(sa.select(docente_cambio.c.to_id, docente_cambio.c.by)).one()
        assert [one.name for one in tribunal_of(conn, mesa)] == ["Irene Bermúdez Ñato"], "the locked acta names it"
    assert "ana" in words
    assert changed == (new, new)
    bring(database, second.id, "bloqueada")
    with database.write() as conn, pytest.raises(Conflict, match="bloqueadas todas"):
        replace_docente(conn, mesa, new, job_key="otro", **how)


@pytest.mark.req("R-41", "R-57")
def test_who_examined_and_loaded_stays_on_the_acta_when_another_docente_takes_the_mesa(database):
    first, second = actas(database, open_mesa(database, 22))
    with database.write() as conn:
        former = prepare(conn)
        new = people.create_person(
            conn, username="otra", given_names="Ana", family_names="Paz Lema", email="ana@une.example", at=AT
        )
    bring(database, second.id, "en_carga")
    bring(database, first.id, "en_carga")
    with database.write() as conn:
        load = record_load(conn, first.id, source="web", by=former, at=AT, **statement(conn, first.id))
        accept_grades(conn, first.id, load.id, job_key="web", by=former, at=AT, zone=ZONE)
        before = acta_data(conn, first.id)
        how = {"reason": "Licencia", "job_key": "cambio", "by": None, "at": AT}
        replace_docente(conn, first.mesa_id, new, **how)
        after, other = acta_data(conn, first.id), acta_data(conn, second.id)
    assert (after["tribunal"], after["docente"]) == (before["tribunal"], before["docente"])
    assert before["docente"] == "Irene Bermúdez Ñato"
    assert other["docente"] == "Ana Paz Lema"
