"""Whose a grade is: identities put right late, lists that complete one exam, docentes who are students (R-31, R-50)."""

from datetime import timedelta
from threading import Thread
from time import sleep

import pytest
import sqlalchemy as sa

from engine import people
from engine.actas.examen import (
    accept_grades,
    acta_data,
    check_load,
    export_grades,
    is_withheld,
    move_acta,
    record_load,
    replace_docente,
    tribunal_of,
)
from engine.errors import InvalidAnswers
from engine.storage.tables import historia_academica
from tests.support.examen import (
    AT,
    ZONE,
    actas,
    bring,
    open_mesa,
    prepare,
    read_acta,
    signed_document,
    statement,
    student,
)
from tests.unit.actas.examen.test_later_actas import LATER, publish_at, rectify
from tests.unit.actas.examen.test_publication import DUE, account, locked, seen


@pytest.fixture
def backend():
    return "sqlite"


def another_docente(database, username="suplente"):
    with database.write() as conn:
        given = {"given_names": "Ana", "family_names": "Paz Lema", "email": f"{username}@une.example", "at": AT}
        return people.create_person(conn, username=username, **given)


@pytest.mark.req("R-50")
def test_an_account_that_had_somebody_s_document_by_mistake_sees_nothing_of_theirs(database):
    wrong = account(database, "dni", "20000001", "otro")
    (first,) = locked(database)
    with database.write() as conn:
        people.update_person(conn, wrong, identity_kind="dni", identity_number="30999888")
    right = account(database, "dni", "20000001", "titular")
    publish_at(database, DUE, first)
    assert (seen(database, wrong), len(seen(database, right))) == ([], 1)
    with database.read() as conn:
        of = historia_academica.c
        assert conn.scalar(sa.select(of.person_id).where(of.fila == 1)) == right


@pytest.mark.req("R-50")
def test_put_right_after_the_publication_the_grade_goes_to_whoever_has_the_document(database):
    wrong = account(database, "dni", "20000001", "otro")
    (first,) = locked(database)
    publish_at(database, DUE, first)
    assert len(seen(database, wrong)) == 1
    with database.write() as conn:
        people.update_person(conn, wrong, identity_kind="pasaporte", identity_number="AB123456")
    assert len(seen(database, wrong)) == 1, "another document of the same person, as far as anybody knows"
    right = account(database, "dni", "20000001", "titular")
    assert (seen(database, wrong), len(seen(database, right))) == ([], 1)


@pytest.mark.req("R-31")
def test_a_correction_does_not_make_two_of_one_exam_one(database):
    mesa = open_mesa(database, 1)
    (first,) = actas(database, mesa)
    open_mesa(database, [student(50)], completes=mesa)
    bring(database, first.id, "bloqueada")
    with pytest.raises(InvalidAnswers) as refused:
        rectify(database, first.id, filas=[1], corrected={1: {"documento": "20000050"}})
    assert "20000050 es de Apellido 00050" in refused.value.errors["filas"]


@pytest.mark.req("R-31")
def test_who_was_left_out_is_judged_by_the_list_as_it_was_put_right(database):
    mesa = open_mesa(database, [student(1, documento="20000002")])
    (first,) = actas(database, mesa)
    bring(database, first.id, "bloqueada")
    made = rectify(database, first.id, filas=[1], corrected={1: {"documento": "20000001"}})
    with pytest.raises(InvalidAnswers) as refused:
        open_mesa(database, [student(1, expediente="X-1")], completes=mesa)
    assert read_acta(database, made).base in refused.value.errors["alumnos"]
    assert actas(database, open_mesa(database, [student(2)], completes=mesa))


@pytest.mark.req("R-38", "R-57")
def test_nobody_states_his_own_grade(database):
    mesa = open_mesa(database, 2)
    (first,) = actas(database, mesa)
    bring(database, first.id, "en_carga")
    student_too = account(database, "cuil", "20200000014", "estudiante")
    with database.write() as conn:
        docente = prepare(conn)
        stated = statement(conn, first.id, mark="10")
        for source, by, told in (("web", docente, []), ("mano", student_too, [1]), ("mano", docente, [])):
            load = record_load(conn, first.id, source=source, by=by, at=AT, **stated)
            assert [one.fila for one in check_load(conn, load, ZONE)] == told
        replace_docente(conn, mesa, student_too, reason="Licencia", job_key="r", by=None, at=AT)
        load = record_load(conn, first.id, source="web", by=student_too, at=AT, **stated)
        (fault,) = check_load(conn, load, ZONE)
    assert (fault.fila, "otro docente" in str(fault)) == (1, True)


@pytest.mark.req("R-8", "R-57")
def test_an_acta_loaded_by_hand_keeps_the_docente_who_answered_for_it(database):
    mesa = open_mesa(database, 2)
    (first,) = actas(database, mesa)
    new = another_docente(database)
    bring(database, first.id, "en_carga")
    with database.write() as conn:
        load = record_load(conn, first.id, source="mano", by=None, at=AT, **statement(conn, first.id))
        accept_grades(conn, first.id, load.id, job_key="a", by=None, at=AT, zone=ZONE)
    bring(database, first.id, "bloqueada")
    publish_at(database, DUE, first.id)
    rectify(database, first.id, filas=[1])
    with database.write() as conn:
        replace_docente(conn, mesa, new, reason="Se jubiló", job_key="r", by=None, at=AT + timedelta(days=1))
    with database.read() as conn:
        assert acta_data(conn, first.id)["docente"] == "Irene Bermúdez Ñato"
        exported = export_grades(conn, mesa, DUE)
    assert [one["docente"]["correo"] for one in exported["actas"]] == ["irene@une.example"]
    assert exported["mesa"]["docente"]["correo"] == "suplente@une.example"


@pytest.mark.req("R-50")
def test_an_annulled_acta_withholds_nothing_and_one_that_waits_does(database):
    annulled, published = actas(database, open_mesa(database, 22))
    bring(database, published.id, "bloqueada")
    with database.write() as conn:
        paper = signed_document(conn, "resolucion", "resolucion")  # of no case, as these mesas are
    with database.read() as conn:
        assert is_withheld(conn, paper)
    with database.write() as conn:
        move_acta(conn, annulled.id, "anulada", job_key="no", by=None, at=AT, note="Mesa repetida.")
    with database.read() as conn:
        assert is_withheld(conn, paper), "the other one waits for its day"
    publish_at(database, LATER, published.id)
    with database.read() as conn:
        assert not is_withheld(conn, paper)


def test_the_longest_reasons_of_the_forms_fit(database):
    (first,) = actas(database, open_mesa(database, 1))
    with database.write() as conn:
        move_acta(conn, first.id, "anulada", job_key="x", by=None, at=AT, note="m" * 2000 + ". " + "f" * 2000)
    assert read_acta(database, first.id).state == "anulada"


class TestTwoAtOnce:
    @pytest.fixture
    def backend(self):
        return "postgresql"

    @pytest.mark.req("R-41")
    def test_the_tribunal_of_grades_that_are_being_accepted_is_not_renamed(self, database):
        mesa = open_mesa(database, 2)
        (first,) = actas(database, mesa)
        bring(database, first.id, "en_carga")
        new = another_docente(database)
        with database.write() as conn:
            load = record_load(conn, first.id, source="web", by=prepare(conn), at=AT, **statement(conn, first.id))

        def replace():
            with database.write() as conn:
                replace_docente(conn, mesa, new, reason="Licencia", job_key="r", by=None, at=AT)

        replacing = Thread(target=replace)
        with database.write() as conn:
            accept_grades(conn, first.id, load.id, job_key="a", by=None, at=AT, zone=ZONE)
            replacing.start()
            sleep(0.5)
            assert replacing.is_alive(), "it waits for the statement"
        replacing.join()
        with database.read() as conn:
            assert [one.name for one in tribunal_of(conn, mesa)] == [acta_data(conn, first.id)["docente"]]
