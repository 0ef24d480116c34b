"""An enrolled list becomes actas of 21 with consecutive folios of one libro, whole or not at all (R-28 … R-34)."""

import unicodedata

import pytest
import sqlalchemy as sa

from engine.actas.examen import (
    Professor,
    TooManyFolios,
    accounts_of,
    acta_by_base,
    acta_data,
    get_mesa,
    mesa_of,
    read_base,
    students_of,
)
from engine.errors import InvalidAnswers, NotFound
from engine.people import create_person
from engine.storage.tables import acta, inscripcion, libro, mesa_examen
from tests.support.examen import AT, actas, open_mesa, student, students


@pytest.mark.req("R-28", "R-29")
@pytest.mark.parametrize(
    ("enrolled", "sizes"), [(1, [1]), (21, [21]), (22, [21, 1]), (42, [21, 21]), (43, [21, 21, 1])]
)
def test_a_list_is_split_by_21(database, enrolled, sizes):
    made = actas(database, open_mesa(database, enrolled))
    with database.read() as conn:
        assert [len(students_of(conn, one.id)) for one in made] == sizes


@pytest.mark.req("R-29")
def test_a_list_of_nobody_is_refused_and_nothing_is_written(database):
    with pytest.raises(InvalidAnswers, match="corregir") as refusal:
        open_mesa(database, [])
    assert "ningún inscripto" in refusal.value.errors["alumnos"]
    with database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(libro)) == 0


@pytest.mark.req("R-30", "R-33", "R-34")
def test_the_actas_of_a_mesa_share_the_libro_and_follow_one_another(database):
    open_mesa(database, 22)
    made = actas(database, open_mesa(database, 43))
    assert [one.base for one in made] == ["2026-L0001-F0003", "2026-L0001-F0004", "2026-L0001-F0005"]
    assert {one.state for one in made} == {"generada"}
    with database.read() as conn:
        assert acta_by_base(conn, "2026-L0001-F0004").id == made[1].id


@pytest.mark.req("R-30")
def test_a_mesa_that_does_not_fit_closes_the_libro_and_is_whole_in_the_next(database):
    open_mesa(database, 21, capacity=4)
    open_mesa(database, 42, capacity=4)
    made = actas(database, open_mesa(database, 43, capacity=4))
    assert [one.base for one in made] == ["2026-L0002-F0001", "2026-L0002-F0002", "2026-L0002-F0003"]
    last = actas(database, open_mesa(database, 1, capacity=4))
    assert [one.base for one in last] == ["2026-L0002-F0004"], (
        "a libro that is exactly full stays open until asked again"
    )
    assert [one.base for one in actas(database, open_mesa(database, 1, capacity=4))] == ["2026-L0003-F0001"]
    with database.read() as conn:
        books = conn.execute(sa.select(libro).order_by(libro.c.number)).all()
    assert [(one.number, one.next_folio, one.closed_at is None) for one in books] == [
        (1, 4, False), (2, 5, False), (3, 2, True),
    ]  # fmt: skip


def test_a_mesa_larger_than_a_libro_is_refused_and_closes_nothing(database):
    open_mesa(database, 1, capacity=2)
    with pytest.raises(TooManyFolios, match="3 folios"):
        open_mesa(database, 43, capacity=2)
    assert [one.base for one in actas(database, open_mesa(database, 1, capacity=2))] == ["2026-L0001-F0002"]


@pytest.mark.req("R-33")
def test_each_year_has_its_own_libros_by_the_institution_s_clock(database):
    open_mesa(database, 1)
    eve = AT.replace(year=2027, month=1, day=1, hour=2)  # still 2026 in Buenos Aires
    assert [one.base for one in actas(database, open_mesa(database, 1, at=eve))] == ["2026-L0001-F0002"]
    assert [one.base for one in actas(database, open_mesa(database, 1, at=eve.replace(hour=4)))] == ["2027-L0001-F0001"]


def test_the_same_job_gives_the_same_mesa_and_the_same_folios(database):
    first = open_mesa(database, 43, job_key="alta")
    assert open_mesa(database, 43, job_key="alta") == first
    assert len(actas(database, first)) == 3
    assert [one.folio for one in actas(database, open_mesa(database, 1))] == [4]


def test_students_are_in_the_order_of_a_spanish_list(database):
    names = ["Nuñez", "Núñez", "Nuno", "Ñáñez", "Álvarez", "Zoto", "Alvarado", "D'Angelo", "de la Cruz"]
    listed = [student(n, apellidos=name) for n, name in enumerate(names)]
    (made,) = actas(database, open_mesa(database, listed))
    with database.read() as conn:
        kept = [one.apellidos for one in students_of(conn, made.id)]
    assert kept == ["Alvarado", "Álvarez", "D'Angelo", "de la Cruz", "Nuno", "Nuñez", "Núñez", "Ñáñez", "Zoto"]


@pytest.mark.req("R-31", "R-60")
def test_letters_with_a_stroke_stand_by_their_own_and_are_found_without_it(database):
    mesa = open_mesa(
        database, [student(n, apellidos=name) for n, name in enumerate(("Zapata", "Łukasz", "Ørsted", "Luna"))]
    )
    with database.read() as conn:
        (one,) = actas(database, mesa)
        assert [line.apellidos for line in students_of(conn, one.id)] == ["Łukasz", "Luna", "Ørsted", "Zapata"]
        assert " lukasz " in conn.scalar(sa.select(acta.c.search))


@pytest.mark.req("R-31")
def test_a_name_is_whole_in_the_acta_however_its_unicode_came(database):
    name = "Ñáñez de la Cruz Güiraldes Iturrioz Aguirrezabala"
    listed = [
        student(1, apellidos=unicodedata.normalize("NFD", name), nombres="  María   José "),
        student(2, nombres=""),
    ]
    (made,) = actas(database, open_mesa(database, listed))
    with database.read() as conn:
        rows = acta_data(conn, made.id)["filas"]
    assert [one["nombre"] for one in rows] == ["Apellido 00002", f"{name}, María José"]


@pytest.mark.req("R-31", "R-57")
def test_a_course_of_180_characters_is_kept_whole(database):
    course = ("Métodos numéricos aplicados a la modelización de procesos hidrológicos " * 3)[:180].strip()
    made = actas(database, open_mesa(database, 1, curso=f"  {course}  "))
    with database.read() as conn:
        assert acta_data(conn, made[0].id)["curso"] == course


@pytest.mark.req("R-29")
@pytest.mark.parametrize("twin", [student(1, expediente="X-1"), student(9, tipo="CUIL", documento="20200000010")])
def test_a_student_who_is_twice_in_the_list_is_refused_by_name(database, twin):
    listed = [student(1, documento="20000001"), twin]
    with pytest.raises(InvalidAnswers) as refusal:
        open_mesa(database, listed)
    assert "está dos veces" in refusal.value.errors["alumnos"]
    with database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(mesa_examen)) == 0


def test_every_fault_of_a_mesa_is_told_at_once(database):
    wrong = {"curso": "", "codigo": "", "horas": 0, "departamento": "astrologia"}
    with pytest.raises(InvalidAnswers) as refusal:
        open_mesa(database, 1, **wrong)
    assert set(refusal.value.errors) == {"curso", "codigo", "horas", "departamento"}


@pytest.mark.req("R-59")
def test_without_a_tribunal_the_docente_is_printed_and_nobody_is_copied(database):
    with database.read() as conn:
        mesa = mesa_of(conn, open_mesa(database, 1))
    assert mesa["tribunal"] == ["Irene Bermúdez Ñato"]
    assert mesa["cc"] == []


def test_a_base_name_is_read_exactly(database):
    assert read_base("2021-L0012-F0034") == (2021, 12, 34)
    assert [read_base(one) for one in ("2021-L12-F0034", "2021-L0012-F0034.pdf", "２021-L0012-F0034", "")] == [None] * 4
    with database.read() as conn, pytest.raises(NotFound):
        acta_by_base(conn, "2021-l0012-f0034")


def test_enrolled_and_actas_agree_row_by_row(database):
    mesa_id = open_mesa(database, students(43))
    with database.read() as conn:
        rows = conn.execute(sa.select(inscripcion.c.n, acta.c.n, inscripcion.c.fila).join(acta)).all()
        assert get_mesa(conn, mesa_id).departamento_name == "Departamento de Química"
    assert sorted(rows) == [(n, (n - 1) // 21 + 1, (n - 1) % 21 + 1) for n in range(1, 44)]


def test_a_list_too_long_for_one_mesa_is_refused_with_what_to_do(database):
    with pytest.raises(InvalidAnswers) as refusal:
        open_mesa(database, 3_001)
    assert "divídala en mesas de 3000 o menos" in refusal.value.errors["alumnos"]


@pytest.mark.req("R-36", "R-50")
@pytest.mark.parametrize(
    ("kind", "number", "enrolled", "theirs"),
    [
        ("dni", "4123456", {"tipo": "DNI", "documento": "4123456"}, True),
        ("dni", "4123456", {"tipo": "LC", "documento": "4123456"}, False),
        ("dni", "4123456", {"tipo": "DE", "documento": "4123456"}, False),
        ("pasaporte", "20123456", {"tipo": "DNI", "documento": "20123456"}, False),
        ("pasaporte", "AB123456", {"tipo": "PAS", "documento": "AB123456"}, True),
        ("cuil", "20123456786", {"tipo": "DNI", "documento": "12345678"}, True),
        ("dni", "12345678", {"tipo": "CUIL", "documento": "20123456786"}, True),
        ("dni", "20123456", {"tipo": "CUIL", "documento": "20123456786"}, False),
    ],
)
def test_a_student_s_account_is_found_by_kind_and_number_of_the_document(database, kind, number, enrolled, theirs):
    with database.write() as conn:
        how = {"given_names": "Ana", "family_names": "Paz", "email": "ana@une.example", "at": AT}
        holder = create_person(conn, username="ana", identity_kind=kind, identity_number=number, **how)
    (one,) = actas(database, open_mesa(database, [student(1, **enrolled)]))
    with database.read() as conn:
        known = accounts_of(conn, students_of(conn, one.id))
    assert list(known.values()) == ([holder] if theirs else [])


@pytest.mark.req("R-59")
def test_a_tribunal_that_the_acta_cannot_print_is_refused_before_a_folio_is_taken(database):
    name = "Dra. María Guadalupe Fernández de la Cuadra"
    with pytest.raises(InvalidAnswers) as refusal:
        open_mesa(
            database, 1, tribunal=[Professor(f"{name} Montenegro y Gutiérrez de Humboldt {n}") for n in range(20)]
        )
    assert "Los 20 profesores del tribunal no entran en el acta" in refusal.value.errors["tribunal"]
    assert len(actas(database, open_mesa(database, 1, tribunal=[Professor(name)] * 20))) == 1
    with database.read() as conn:
        assert conn.scalar(sa.select(libro.c.next_folio)) == 2


@pytest.mark.req("R-31", "R-59")
@pytest.mark.parametrize(
    ("field", "given"), [("curso", "Lengua Ƙ"), ("codigo", "P-4127 ‰"), ("tribunal", [Professor("Ƙofa Ana")])]
)
def test_what_the_letter_of_the_acta_does_not_have_is_refused_by_name(database, field, given):
    with pytest.raises(InvalidAnswers) as refusal:
        open_mesa(database, 1, **{field: given})
    assert "que el acta no puede escribir" in refusal.value.errors[field]
