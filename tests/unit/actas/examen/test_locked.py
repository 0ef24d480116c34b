"""What a state forbids, the database itself refuses, whoever asks it (R-7, R-47, R-48, R-51)."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.actas.examen import acta_data, grades_of, is_original, load_grades, lock_acta, move_acta
from engine.errors import Conflict
from engine.storage.refusals import EMPTIED
from engine.storage.tables import acta, calificacion, document, historia_academica, inscripcion, metadata, tribunal
from tests.support.examen import AT, DAY, actas, bring, go, open_mesa, read_acta, signed_document

GRADE = {"fila": 1, "nota": "10", "letras": "diez", "ausente": False, "fecha": DAY, "condicion": "aprobado"}
HOW = {"by": None, "at": AT}


@pytest.fixture
def one(database):
    (made,) = actas(database, open_mesa(database, 2))
    return made.id


def refused(database, statement, because="a locked acta never changes"):
    with pytest.raises(IntegrityError, match=because), database.write() as conn:
        conn.execute(statement)


@pytest.mark.req("R-48", "R-51")
def test_of_a_locked_acta_the_database_changes_nothing_but_that_it_is_published(database, one):
    bring(database, one, "bloqueada")
    with database.read() as conn:
        before = conn.execute(sa.select(acta)).one(), acta_data(conn, one), grades_of(conn, one)
    changes = {
        "state": "con_notas", "carga_id": uuid4(), "fecha": None, "final_document_id": None,
        "original_sha256": "b" * 64, "locked_at": None, "search": " otra ",
    }  # fmt: skip
    for column, value in changes.items():
        refused(database, acta.update().values({column: value}))
        refused(database, acta.update().values({"state": "publicada", "published_at": AT, column: value}), "acta: ")
    refused(database, inscripcion.update().values(apellidos="Otra"))
    refused(database, inscripcion.delete(), "stays on record")
    refused(database, tribunal.update().values(name="Otro"))
    refused(database, tribunal.delete())
    with database.read() as conn:
        assert before == (conn.execute(sa.select(acta)).one(), acta_data(conn, one), grades_of(conn, one))
    with database.write() as conn:
        conn.execute(acta.update().values(state="publicada", state_at=AT, published_at=AT))
    refused(database, acta.update().values(published_at=None))


@pytest.mark.req("R-7", "R-48")
def test_the_grades_of_a_locked_acta_are_as_they_were_loaded(database, one):
    bring(database, one, "bloqueada")
    refused(database, calificacion.update().values(nota="10"), "loaded once")
    refused(database, calificacion.delete())
    refused(database, calificacion.insert().values(GRADE | {"acta_id": one, "fila": 3}), "signed acta")


@pytest.mark.req("R-7", "R-47")
@pytest.mark.parametrize("state", ["generada", "en_control", "firmada", "recibida"])
def test_no_grade_enters_the_system_before_the_acta_is_signed_and_found_valid(database, one, state):
    bring(database, one, state)
    refused(database, calificacion.insert().values(GRADE | {"acta_id": one}), "signed acta")
    with database.write() as conn, pytest.raises(Conflict, match="no está validada"):
        load_grades(conn, one, job_key="x", **HOW)


@pytest.mark.req("R-7")
def test_a_loaded_grade_is_not_rewritten_even_before_the_lock(database, one):
    bring(database, one, "con_notas")
    refused(database, calificacion.update().values(nota="10"), "loaded once")
    again = calificacion.insert().values(GRADE | {"acta_id": one})
    refused(database, again.prefix_with("OR REPLACE") if database.is_sqlite else again, "loaded once")


@pytest.mark.req("R-7")
def test_grades_are_not_loaded_when_the_signed_document_was_withdrawn(database, one):
    bring(database, one, "validada")
    with database.write() as conn:
        conn.execute(document.update().values(kind="withdrawn"))
    with database.write() as conn, pytest.raises(Conflict, match="no está firmada"):
        load_grades(conn, one, job_key="x", **HOW)


@pytest.mark.req("R-48")
@pytest.mark.parametrize("state", ["generada", "firmada", "validada"])
def test_the_database_locks_no_acta_without_its_grades(database, one, state):
    bring(database, one, state)
    given = {"carga_id": uuid4(), "original_sha256": "a" * 64, "locked_at": AT, "final_document_id": uuid4()}
    refused(database, acta.update().values(state="bloqueada", **given), "with its grades and its signed original")


@pytest.mark.req("R-50")
def test_nothing_is_shown_of_an_acta_that_is_not_locked(database, one):
    bring(database, one, "con_notas")
    refused(database, acta.update().values(state="publicada", published_at=AT), "only a locked acta")
    row = GRADE | {"id": uuid4(), "documento": "1", "tipo": "DNI", "acta_id": one, "curso": "C", "codigo": "P"}
    refused(database, historia_academica.insert().values(row | {"published_at": AT}), "only a locked acta")


@pytest.mark.req("R-30")
def test_an_acta_cannot_be_born_in_a_later_state_nor_leave_a_gap(database, one):
    with database.read() as conn:
        row = dict(conn.execute(sa.select(acta)).one()._mapping)
    born = {"id": uuid4(), "base": "2026-L0001-F0002", "folio": 2, "n": 2, "job_key": "x", "state": "validada"}
    refused(database, acta.insert().values(row | born), "begins as")
    refused(database, acta.delete(), "kept as they were written")


def test_tables_that_have_no_append_only_guard_are_not_emptied_at_once(database, one):
    assert {"calificacion", "inscripcion", "tribunal"} == set(EMPTIED) <= set(metadata.tables)
    if database.is_sqlite:
        return  # SQLite has no TRUNCATE; its DELETE without WHERE is tried above
    for table in EMPTIED:
        with pytest.raises(IntegrityError), database.write() as conn:
            conn.exec_driver_sql(f"TRUNCATE {table} CASCADE")


@pytest.mark.req("R-51")
def test_the_original_is_the_signed_pdf_or_that_pdf_with_its_evidence(database, one):
    bring(database, one, "con_notas")
    with database.write() as conn:
        kept = signed_document(conn, read_acta(database, one).base, "con evidencia")
        sha256 = lock_acta(conn, one, job_key="cierre", document_id=kept, **HOW)
    with database.write() as conn:
        assert lock_acta(conn, one, job_key="cierre", **HOW) == sha256
        assert is_original(conn, sha256) == one
        assert is_original(conn, "0" * 64) is None
    assert read_acta(database, one).final_document_id == kept


@pytest.mark.req("R-48")
def test_an_acta_is_not_locked_when_a_grade_is_missing(database, one):
    bring(database, one, "con_notas")
    with database.write() as conn:
        conn.execute(calificacion.delete().where(calificacion.c.fila == 2))
    with database.write() as conn, pytest.raises(Conflict, match="le faltan calificaciones"):
        go(conn, one, "bloqueada")


def test_what_is_refused_for_one_acta_is_free_for_another(database, one):
    bring(database, one, "bloqueada")
    (other,) = actas(database, open_mesa(database, 1))
    with database.write() as conn:
        move_acta(conn, other.id, "enviada", job_key="otra", **HOW)
        conn.execute(inscripcion.update().where(inscripcion.c.acta_id == other.id).values(apellidos="Corregido"))
