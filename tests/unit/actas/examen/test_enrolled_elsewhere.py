"""A student in two actas of one course is told with the other's name; a list that completes a mesa is of the same exam."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.actas.examen import (
    Student,
    already_enrolled,
    companions_of,
    enrolled_elsewhere,
    get_mesa,
    historia_of,
    move_acta,
    replace_docente,
    students_of,
    tribunal_of,
)
from engine.errors import InvalidAnswers, NotFound
from engine.people import create_person
from engine.storage.tables import historia_academica, mesa_examen
from tests.support.examen import AT, DAY, actas, bring, open_mesa, student, students


@pytest.fixture
def backend():
    return "sqlite"  # nothing here is the database's


def annul(database, acta_id):
    with database.write() as conn:
        move_acta(conn, acta_id, "anulada", job_key=str(uuid4()), by=None, at=AT, note="Se anula.")


def elsewhere(database, listed, codigo="P-4127", fecha=DAY, **more):
    with database.read() as conn:
        found = enrolled_elsewhere(conn, listed, codigo, fecha, **more)
    return {identity: [one.base for one in others] for identity, others in found.items()}


@pytest.mark.req("R-29")
@pytest.mark.parametrize(
    "again",
    [
        {"tipo": "DNI", "documento": "20000001"},
        {"tipo": "DNI", "documento": "020000001"},
        {"tipo": "CUIL", "documento": "20200000010"},
        {"tipo": "CUIL", "documento": "27200000015"},
    ],
)
def test_a_student_of_another_acta_is_found_by_whatever_document_the_list_gives(database, again):
    (one,) = actas(database, open_mesa(database, [student(1), student(2)]))
    assert elsewhere(database, [student(9, **again), student(3)]) == {"DNI 20000001": [one.base]}
    assert elsewhere(database, [student(9, **again | {"tipo": "LC"})]) == {}


@pytest.mark.req("R-29")
def test_only_an_open_acta_or_one_of_the_same_day_matters_and_an_annulled_one_never(database):
    (one,) = actas(database, open_mesa(database, 2))
    other_day, listed = DAY + timedelta(days=30), students(2)
    assert set(elsewhere(database, listed, " p-4127 ", other_day)) == {"DNI 20000001", "DNI 20000002"}
    assert elsewhere(database, listed, "P-9") == {}
    assert elsewhere(database, listed, but=[one.mesa_id]) == {}
    assert elsewhere(database, listed, seen=mesa_examen.c.departamento == "economia") == {}
    bring(database, one.id, "bloqueada")
    assert elsewhere(database, listed, fecha=other_day) == {}
    assert len(elsewhere(database, listed)) == 2
    (second,) = actas(database, open_mesa(database, 2))
    annul(database, second.id)
    assert {base for bases in elsewhere(database, listed).values() for base in bases} == {one.base}


@pytest.mark.req("R-29", "R-30")
def test_a_list_that_completes_a_mesa_is_of_the_same_exam_with_its_own_folios(database):
    first = open_mesa(database, 22)
    with database.write() as conn:
        other = create_person(
            conn, username="otra", given_names="Eva", family_names="Sosa", email="eva@une.example", at=AT
        )
        replace_docente(conn, first, other, reason="Licencia.", job_key="cambio", by=None, at=AT)
    wrong = {"curso": "Otro", "codigo": "X", "horas": 1, "fecha": DAY + timedelta(days=9)}
    second = open_mesa(database, students(1, first=90), completes=first, **wrong)
    third = open_mesa(database, students(1, first=91), completes=second)
    assert [one.base for one in actas(database, second)] == ["2026-L0001-F0003"]
    with database.read() as conn:
        known, made = get_mesa(conn, first), get_mesa(conn, second)
        same = ("curso", "codigo", "horas", "fecha", "departamento", "docente_id", "escala")
        assert [getattr(made, name) for name in same] == [getattr(known, name) for name in same]
        assert tribunal_of(conn, second) == tribunal_of(conn, first)
        assert [(one.mesa_id, one.first, one.bases) for one in companions_of(conn, second)] == [
            (first, True, ("2026-L0001-F0001", "2026-L0001-F0002")), (third, False, ("2026-L0001-F0004",)),
        ]  # fmt: skip
        assert [one.mesa_id for one in companions_of(conn, first)] == [second, third]


@pytest.mark.req("R-29")
def test_nobody_is_twice_in_an_exam_but_after_his_acta_was_annulled(database):
    first = open_mesa(database, 22)
    last = actas(database, first)[1]
    with database.read() as conn:
        (alone,) = students_of(conn, last.id)
        again = Student(alone.expediente, alone.apellidos, alone.nombres, alone.tipo, alone.documento)
        assert already_enrolled(conn, first, [again, student(90)]) == {again.identity: last.base}
    with pytest.raises(InvalidAnswers) as refusal:
        open_mesa(database, [again], completes=first)
    assert last.base in refusal.value.errors["alumnos"]
    annul(database, last.id)
    assert len(actas(database, open_mesa(database, [again], completes=first))) == 1
    with pytest.raises(NotFound):
        open_mesa(database, [student(91)], completes=uuid4())


@pytest.mark.req("R-48")
def test_a_mesa_is_completed_after_its_lock_too(database):
    first = open_mesa(database, 1)
    bring(database, actas(database, first)[0].id, "bloqueada")
    assert len(actas(database, open_mesa(database, [student(90)], completes=first))) == 1


@pytest.mark.req("R-28")
@pytest.mark.parametrize("year", [26, 1026, 2126])
def test_a_mesa_of_a_year_that_was_mistyped_is_refused(database, year):
    with pytest.raises(InvalidAnswers) as refusal:
        open_mesa(database, 1, fecha=DAY.replace(year=year))
    assert set(refusal.value.errors) == {"fecha"}


@pytest.mark.req("R-50")
@pytest.mark.parametrize(
    ("kind", "number", "kept"),
    [
        ("dni", "5123456", ("DNI", "05123456")),
        ("dni", "05123456", ("DNI", "5123456")),
        ("dni", "5123456", ("CUIL", "20051234562")),
        ("cuil", "20051234562", ("DNI", "05123456")),
        ("pasaporte", "AB123456", ("PAS", "AB-123 456")),
        ("pasaporte", "AB-123456", ("PAS", "AB123456")),
    ],
)
def test_a_student_sees_his_grades_however_his_document_was_written(database, kind, number, kept):
    (one,) = actas(database, open_mesa(database, 1))
    bring(database, one.id, "bloqueada")
    tipo, documento = kept
    row = {"acta_id": one.id, "fila": 1, "curso": "Redes", "codigo": "P", "nota": "8", "letras": "ocho", "fecha": DAY}
    with database.write() as conn:
        names = {"given_names": "Ana", "family_names": "Paz", "email": "ana@une.example", "at": AT}
        who = create_person(conn, username="ana", identity_kind=kind, identity_number=number, **names)
        more = {"id": uuid4(), "ausente": False, "condicion": "aprobado", "published_at": AT}
        conn.execute(sa.insert(historia_academica).values(row | more | {"tipo": tipo, "documento": documento}))
        assert [entry.nota for entry in historia_of(conn, who, AT)] == ["8"]
