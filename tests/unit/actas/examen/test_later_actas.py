"""Rectificativas and reconstruidas: new, numbered, linked; what is locked never changes (R-7, R-48, R-51, R-55)."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.actas.examen import (
    acta_data,
    actas_about,
    grades_of,
    historia_of,
    move_acta,
    open_reconstruction,
    open_rectification,
    publish,
    publish_due,
    students_of,
)
from engine.errors import Conflict, InvalidAnswers
from engine.storage.tables import acta, historia_academica
from tests.support.examen import AT, ZONE, actas, bring, open_mesa, read_acta
from tests.unit.actas.examen.test_publication import DUE, SCHEDULE, account, locked, seen

LATER = DUE.replace(month=4)


@pytest.fixture
def backend():
    return "sqlite"  # triggers and locks are proved on both beside this


def rectify(database, about, *, job_key=None, **given):
    how = {"reason": "La nota de la fila 1 está mal.", "capacity": 500, "by": None, "at": AT, "zone": ZONE}
    with database.write() as conn:
        return open_rectification(conn, about, job_key=job_key or str(uuid4()), **how | given)


def rebuild(database, about, **given):
    how = {"reason": "Falta el original (Expte. 12/26).", "capacity": 500, "by": None, "at": AT, "zone": ZONE}
    with database.write() as conn:
        return open_reconstruction(conn, about, job_key=str(uuid4()), **how | given)


def publish_at(database, at, *chosen):
    with database.write() as conn:
        publish(conn, chosen, SCHEDULE, at)


@pytest.mark.req("R-7", "R-48", "R-51")
def test_a_rectificativa_is_a_new_numbered_acta_about_the_locked_one_which_stays_as_it_was(database):
    (first,) = locked(database)
    with database.read() as conn:
        before = conn.execute(sa.select(acta).where(acta.c.id == first)).one(), acta_data(conn, first)
    made = rectify(database, first, filas=[2])
    bring(database, made, "bloqueada", mark="9")
    with database.read() as conn:
        data = acta_data(conn, made)
        assert before == (conn.execute(sa.select(acta).where(acta.c.id == first)).one(), acta_data(conn, first))
        assert [one.id for one in actas_about(conn, first)] == [made]
        assert [one.nota for one in grades_of(conn, first)] == ["10", "4"]
    assert (data["base"], data["tipo"], data["rectifica"]) == ("2026-L0001-F0002", "rectificativa", "2026-L0001-F0001")
    assert [(row["n"], row["nombre"], row["calificacion"]) for row in data["filas"]] == [
        (1, "Apellido 00002, Nombre 2", "9")
    ]
    assert data["motivo"] == "La nota de la fila 1 está mal."


@pytest.mark.req("R-50")
def test_students_see_the_rectified_grade_from_its_own_publication_on(database):
    (first,) = locked(database)
    person = account(database, "dni", "20000001")
    publish_at(database, DUE, first)
    made = rectify(database, first, filas=[1])
    bring(database, made, "bloqueada", at=DUE.replace(day=7), mark="7")
    with pytest.raises(Conflict, match="no antes"):
        publish_at(database, DUE.replace(day=8), made)
    assert seen(database, person) == [("10", "2026-L0001-F0001")]
    publish_at(database, LATER, made)
    assert seen(database, person, LATER) == [("7", "2026-L0001-F0002")]
    assert seen(database, person, DUE) == [("10", "2026-L0001-F0001")], "what held on a day is known later"
    with database.read() as conn:
        both = historia_of(conn, person, LATER, replaced=True)
    assert [(row.nota, row.replaced) for row in both] == [("7", False), ("10", True)]
    assert seen(database, account(database, "dni", "20000002", "otro"), LATER) == [("4", "2026-L0001-F0001")]


def test_a_rectificativa_of_an_unpublished_acta_takes_it_along_and_holds_at_once(database):
    (first,) = locked(database)
    made = rectify(database, first)
    bring(database, made, "bloqueada", mark="6")
    publish_at(database, DUE, made)
    assert {read_acta(database, one).state for one in (first, made)} == {"publicada"}
    assert seen(database, account(database, "dni", "20000002")) == [("6", "2026-L0001-F0002")]


@pytest.mark.parametrize("at_once", [True, False])
def test_of_several_rectificativas_of_one_student_the_last_holds(database, at_once):
    (first,) = locked(database)
    person = account(database, "dni", "20000001")
    about = first
    for mark in ("6", "7", "8"):
        about = rectify(database, about, filas=[1])
        bring(database, about, "bloqueada", mark=mark)
        if not at_once:
            publish_at(database, DUE, about)
    publish_due(database, SCHEDULE, DUE)
    assert seen(database, person) == [("8", "2026-L0001-F0004")]
    with database.read() as conn:
        replaced = list(conn.execute(sa.select(historia_academica.c.replaces_id)).scalars())
    assert len([one for one in replaced if one]) == 3


@pytest.mark.req("R-7", "R-31")
def test_a_second_rectificativa_of_a_row_is_about_the_first_one_and_keeps_its_correction(database):
    (first,) = locked(database)
    made = rectify(database, first, filas=[1], corrected={1: {"documento": "30000003"}})
    bring(database, made, "bloqueada")
    with pytest.raises(Conflict, match="la fila 1 del acta"):
        rectify(database, first)
    other = rectify(database, first, filas=[2])
    with database.read() as conn:
        assert [row.n for row in students_of(conn, other)] == [2], "nobody changed that row"
    again = rectify(database, made)
    with database.read() as conn:
        assert [row.documento for row in students_of(conn, again)] == ["30000003"]


def test_an_annulled_rectificativa_changed_nothing(database):
    (first,) = locked(database)
    made = rectify(database, first)
    with database.write() as conn:
        move_acta(conn, made, "anulada", job_key="no", by=None, at=AT, note="Se abrió por error.")
    assert rebuild(database, first) != made


@pytest.mark.req("R-31")
def test_a_student_s_wrong_data_is_put_right_and_the_right_person_sees_the_grade(database):
    (first,) = locked(database)
    publish_at(database, DUE, first)
    wrong, right = account(database, "dni", "20000001"), account(database, "dni", "30000003", "correcta")
    made = rectify(database, first, filas=[1], corrected={1: {"documento": "30000003", "apellidos": " Ñáñez "}})
    bring(database, made, "bloqueada")
    publish_at(database, LATER, made)
    assert (seen(database, wrong, LATER), len(seen(database, right, LATER))) == ([], 1)
    again = rectify(database, made, filas=[1], corrected={1: {"nombres": "María"}})
    with database.read() as conn:
        (row,) = students_of(conn, again)
    assert (row.name, row.documento) == ("Ñáñez, María", "30000003"), "earlier corrections hold on"


@pytest.mark.req("R-31", "R-50")
def test_another_kind_of_document_is_another_person_and_who_has_its_account_sees_the_grade(database):
    (first,) = locked(database)
    publish_at(database, DUE, first)
    wrong, right = account(database, "dni", "20000001"), account(database, "pasaporte", "20000001", "viajera")
    made = rectify(database, first, filas=[1], corrected={1: {"tipo": "pasaporte"}})
    bring(database, made, "bloqueada")
    publish_at(database, LATER, made)
    with database.read() as conn:
        assert [row.tipo for row in students_of(conn, made)] == ["PAS"]
    assert (seen(database, wrong, LATER), len(seen(database, right, LATER))) == ([], 1)


@pytest.mark.req("R-31")
@pytest.mark.parametrize(
    ("changes", "kept"),
    [({"documento": "30.111.222"}, "30111222"), ({"tipo": "CUIL", "documento": "20-30111222-0"}, "20301112220")],
)
def test_what_is_put_right_is_written_as_a_list_is(database, changes, kept):
    (first,) = locked(database)
    made = rectify(database, first, filas=[1], corrected={1: changes})
    with database.read() as conn:
        assert [row.documento for row in students_of(conn, made)] == [kept]


@pytest.mark.req("R-31")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"documento": "20.000.002"}, "es de Apellido 00002, Nombre 2, de esta misma mesa"),
        ({"documento": "treinta"}, "son 7 u 8 cifras"),
        ({"tipo": "cualquiera"}, "no se conoce"),
        ({"apellidos": "=HYPERLINK(1)"}, "letras latinas"),
        ({"expediente": "9" * 60}, "hasta 20"),
    ],
)
def test_what_is_put_right_is_judged_as_a_list_is(database, changes, told):
    (first,) = locked(database)
    with pytest.raises(InvalidAnswers) as refused:
        rectify(database, first, filas=[1], corrected={1: changes})
    assert told in refused.value.errors["filas"]
    swapped = {1: {"documento": "20000002"}, 2: {"documento": "20000001"}}
    assert rectify(database, first, corrected=swapped), "two that were mixed up are put right together"


@pytest.mark.req("R-48")
def test_before_the_lock_there_is_nothing_to_rectify(database):
    (one,) = actas(database, open_mesa(database, 1))
    bring(database, one.id, "con_notas")
    with pytest.raises(Conflict, match="no está bloqueada"):
        rectify(database, one.id)


def test_one_rectificativa_at_a_time_and_the_same_job_gives_the_same(database):
    (first,) = locked(database)
    made = rectify(database, first, job_key="r1")
    assert rectify(database, first, job_key="r1") == made
    with pytest.raises(Conflict, match="ya tiene una rectificativa en trámite"):
        rectify(database, first)
    bring(database, made, "bloqueada")
    assert rectify(database, made) != made


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "  "},
        {"filas": []},
        {"filas": [1, 3]},
        {"filas": [1], "corrected": {2: {"apellidos": "Paz"}}},
        {"corrected": {1: {"fila": "9"}}},
        {"corrected": {1: {"apellidos": " "}}},
    ],
)
def test_a_rectificativa_says_why_and_of_whom(database, wrong):
    (first,) = locked(database)
    with pytest.raises(InvalidAnswers):
        rectify(database, first, **wrong)
    (after,) = actas(database, open_mesa(database, 1))
    assert after.folio == 2, "a refusal takes no folio"
