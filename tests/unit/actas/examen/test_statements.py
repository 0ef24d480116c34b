"""What a docente states: kept as stated, checked row by row, the first complete one accepted (R-37, R-38)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from engine.actas.examen import (
    AlreadyAccepted,
    Incomplete,
    accept_grades,
    acta_data,
    check_load,
    get_acta,
    get_load,
    get_mesa,
    load_grades,
    loads_of,
    record_load,
    replace_docente,
)
from engine.errors import Conflict, InvalidAnswers
from engine.people import create_person
from engine.storage.tables import acta_carga
from tests.support.examen import AT, DAY, ZONE, actas, bring, open_mesa, read_acta, statement


@pytest.fixture
def backend():
    return "sqlite"  # nothing here is the database's: what is, is proved on both beside this


@pytest.fixture
def one(database):
    (made,) = actas(database, open_mesa(database, 3))
    bring(database, made.id, "en_carga")
    return made.id


def stated(database, acta_id, *, source="web", job_key=None, rows=(), **changed):
    """A complete statement, but for what is changed; ``rows``: of single rows, by their number."""
    with database.write() as conn:
        said = statement(conn, acta_id)
        for n, change in dict(rows).items():
            said["rows"][n - 1] |= change
        return record_load(conn, acta_id, source=source, by=None, at=AT, job_key=job_key, **said | changed)


def faults(database, load):
    with database.read() as conn:
        return [str(one) for one in check_load(conn, load, ZONE)]


def accept(database, acta_id, load, job_key=None):
    with database.write() as conn:
        accept_grades(conn, acta_id, load.id, job_key=job_key or str(uuid4()), by=None, at=AT, zone=ZONE)


@pytest.mark.req("R-37", "R-38")
def test_a_complete_statement_has_no_fault_and_becomes_the_acta_s(database, one):
    load = stated(database, one, rows={2: {"nota": "a", "letras": ""}}, examinados=2)
    assert faults(database, load) == []
    accept(database, one, load)
    with database.read() as conn:
        data = acta_data(conn, one)
    assert (data["inscriptos"], data["examinados"], data["fecha"]) == (3, 2, DAY.isoformat())
    assert [(row["calificacion"], row["letras"]) for row in data["filas"]] == [
        ("10", "diez"), (None, "ausente"), ("2", "dos"),
    ]  # fmt: skip


@pytest.mark.req("R-37", "R-38")
@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"nota": ""}, "falta la calificación"),
        ({"nota": "11"}, "la calificación va de 0 a 10"),
        ({"nota": "7,5"}, "sin decimales"),
        ({"nota": "muy bien"}, "«muy bien» no se admite"),
        ({"letras": ""}, "falta la calificación en letras: «cuatro»"),
        ({"letras": "cinco"}, "las letras dicen «cinco» y el número es 4"),
        ({"ausente": True}, "deje una de las dos"),
        ({"ausente": True, "nota": ""}, "deje una de las dos"),
        ({"nota": "ausente"}, "deje una de las dos"),
        ({"letras": "ausente"}, "las letras dicen «ausente» y el número es 4"),
        ({"fecha": "2026-03-03"}, "posterior al día de la carga"),
        ({"fecha": "0026-03-01"}, "revise el año"),
        ({"fecha": "01/03/99"}, "revise el año"),
        ({"nota": "8 A", "letras": ""}, "«8 A» no se admite"),
        ({"nota": "7", "letras": "siete (4)"}, "las letras dicen «siete (4)»"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_with_its_student(database, one, row, said):
    (fault,) = faults(database, stated(database, one, rows={2: row}, **_totals(row)))
    assert fault.startswith("Fila 2, Apellido 00002, Nombre 2: ")
    assert said in fault


def _totals(row):
    return {"examinados": 2} if row.get("ausente") or row.get("nota") == "ausente" else {}


@pytest.mark.req("R-37")
@pytest.mark.parametrize(
    "row", [{"nota": "a", "letras": ""}, {"nota": "", "letras": "Ausente"}, {"nota": "", "letras": ""}]
)
def test_ausente_may_be_written_where_the_grade_goes_or_where_its_letters_go(database, one, row):
    load = stated(database, one, rows={2: row | {"ausente": row == {"nota": "", "letras": ""}}}, examinados=2)
    assert (load.rows[1].ausente, load.rows[1].letras, faults(database, load)) == (True, "ausente", [])


@pytest.mark.req("R-37")
def test_a_row_may_have_its_own_date_and_needs_one_at_least(database, one):
    dated = stated(database, one, rows={2: {"fecha": "28/02/26"}})
    accept(database, one, dated)
    with database.read() as conn:
        assert [row["fecha"] for row in acta_data(conn, one)["filas"]] == [None, "2026-02-28", None]
    undated = stated(database, one, fecha=None)
    assert [fault.endswith("falta la fecha del examen.") for fault in faults(database, undated)] == [True] * 3


@pytest.mark.req("R-38")
@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ({"inscriptos": 4}, "El total de alumnos inscriptos dice 4 y según las filas son 3."),
        ({"examinados": 2}, "El total de alumnos examinados dice 2 y según las filas son 3."),
        ({"inscriptos": None}, "Falta el total de alumnos inscriptos: según las filas son 3."),
        ({"examinados": 10**9}, "Falta el total de alumnos examinados: según las filas son 3."),
    ],
)
def test_totals_are_derived_and_compared_with_what_is_stated(database, one, totals, said):
    assert faults(database, stated(database, one, **totals)) == [said]


@pytest.mark.req("R-38")
def test_all_absent_is_a_statement_too(database, one):
    with database.write() as conn:
        said = statement(conn, one, absent=[1, 2, 3])
        load = record_load(conn, one, source="web", by=None, at=AT, **said)
    assert (load.examinados, faults(database, load)) == (0, [])


def test_rows_that_are_missing_twice_or_of_no_student_are_told(database, one):
    with database.write() as conn:
        said = statement(conn, one)
        rows = [said["rows"][0], said["rows"][0] | {"nota": "1"}, said["rows"][2] | {"n": 9}]
        load = record_load(conn, one, source="correo", by=None, at=AT, **said | {"rows": rows})
    told = faults(database, load)
    assert told[:2] == ["La fila 1 está dos veces.", "La fila 9 no es de esta acta."]
    assert [fault.split(":")[0] for fault in told[2:4]] == [f"Fila {n}, Apellido {n:05}, Nombre {n}" for n in (2, 3)]


@pytest.mark.req("R-37")
def test_an_incomplete_statement_is_kept_and_not_accepted(database, one):
    load = stated(database, one, rows={2: {"nota": ""}})
    with pytest.raises(Incomplete, match="Fila 2") as refusal:
        accept(database, one, load)
    assert set(refusal.value.errors) == {"filas.2"}
    assert read_acta(database, one).state == "en_carga"
    with database.read() as conn:
        assert [kept.id for kept in loads_of(conn, one)] == [load.id]


def test_of_two_complete_statements_the_first_accepted_counts_and_both_are_kept(database, one):
    web, mail = stated(database, one), stated(database, one, source="correo", rows={1: {"nota": "1", "letras": "uno"}})
    accept(database, one, web, job_key="web")
    with pytest.raises(AlreadyAccepted):
        accept(database, one, mail)
    accept(database, one, web, job_key="web")
    accept(database, one, web)
    assert read_acta(database, one).carga_id == web.id
    with database.read() as conn:
        assert {kept.id for kept in loads_of(conn, one)} == {web.id, mail.id}


def test_one_act_states_once(database, one):
    first = stated(database, one, job_key="grilla 1")
    assert stated(database, one, job_key="grilla 1", rows={1: {"nota": "3"}}) == first
    with database.read() as conn:
        assert len(loads_of(conn, one)) == 1


def test_grades_are_accepted_only_while_the_acta_waits_for_them_and_only_its_own(database, one):
    (other,) = actas(database, open_mesa(database, 3))
    foreign = stated(database, other.id)
    with pytest.raises(Conflict, match="otra acta"):
        accept(database, one, foreign)
    with pytest.raises(Conflict, match="no puede pasar"):
        accept(database, other.id, foreign)


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "fax"},
        {"rows": [{"n": n} for n in range(61)]},
        {"rows": [{"nota": "8"}]},
        {"rows": [{"n": -1}]},
        {"rows": [{"n": 1, "nota": "8" * 100}]},
        {"rows": [{"n": 1, "fecha": "mañana"}]},
    ],
)
def test_what_is_no_statement_at_all_is_refused(database, one, wrong):
    with database.write() as conn, pytest.raises(InvalidAnswers):
        record_load(conn, one, **{"source": "web", "rows": [], "by": None, "at": AT} | wrong)


def test_a_grade_is_kept_in_one_form_and_what_is_none_as_it_was_written(database, one):
    load = stated(database, one, rows={1: {"nota": " 08 "}, 2: {"nota": "ocho!"}, 3: {"nota": "AUSENTE", "letras": ""}})
    assert [(row.nota, row.ausente, row.letras) for row in load.rows] == [
        ("8", False, "diez"), ("ocho!", False, "cuatro"), (None, True, "ausente"),
    ]  # fmt: skip


def test_the_acta_s_date_is_the_one_stated_and_before_that_the_mesa_s(database, one):
    with database.read() as conn:
        assert acta_data(conn, one)["fecha"] == DAY.isoformat()
    earlier = DAY - timedelta(days=3)
    accept(database, one, stated(database, one, fecha=earlier))
    with database.read() as conn:
        assert get_acta(conn, one).fecha == earlier
        assert acta_data(conn, one)["fecha"] == date(2026, 2, 26).isoformat()


@pytest.mark.req("R-37")
@pytest.mark.parametrize(("hour", "told"), [(2, 1), (4, 0)])
def test_the_day_of_a_statement_is_the_one_at_the_institution(database, one, hour, told):
    """At two in the morning UTC it is still the second of March in Buenos Aires."""
    with database.write() as conn:
        said = statement(conn, one) | {"fecha": date(2026, 3, 3)}
        load = record_load(conn, one, source="web", by=None, at=AT.replace(day=3, hour=hour), **said)
    assert len({fault.partition(": ")[2] for fault in faults(database, load)}) == told


@pytest.mark.req("R-37")
@pytest.mark.parametrize("written", ["28/02/26", "28-02-2026", "28.2.26", "2026-02-28", " ２８/02/2026\u200b"])
def test_a_day_is_the_same_however_it_is_written(database, one, written):
    load = stated(database, one, rows={2: {"fecha": written}})
    assert (load.rows[1].fecha, faults(database, load)) == (date(2026, 2, 28), [])


@pytest.mark.req("R-36", "R-41")
def test_what_a_replaced_docente_stated_and_nobody_accepted_counts_no_more(database, one):
    with database.write() as conn:
        mesa = get_mesa(conn, get_acta(conn, one).mesa_id)
        names = {"given_names": "Eva", "family_names": "Sosa", "email": "eva@une.example", "at": AT}
        other = create_person(conn, username="otra", **names)
        said = statement(conn, one)
        load = record_load(conn, one, source="correo", by=mesa.docente_id, at=AT, **said)
        replace_docente(conn, mesa.id, other, reason="Licencia.", job_key="cambio", by=None, at=AT)
        by_hand = record_load(conn, one, source="mano", by=mesa.docente_id, at=AT, **said)
    assert faults(database, load) == ["La declaró quien ya no es el docente de la mesa: debe hacerlo Eva Sosa."]
    assert faults(database, by_hand) == []


@pytest.mark.req("R-47")
def test_what_was_accepted_and_signed_is_loaded_whatever_is_asked_since(database, one):
    """Of a release before this one: a year that is refused today."""
    load = stated(database, one)
    accept(database, one, load)
    bring(database, one, "validada")
    with database.write() as conn:
        conn.exec_driver_sql("DROP TRIGGER acta_carga_no_update")
        conn.execute(acta_carga.update().where(acta_carga.c.id == load.id).values(fecha=date(1999, 3, 1)))
        assert len(check_load(conn, get_load(conn, load.id), ZONE)) == 3
        assert load_grades(conn, one, job_key="notas", by=None, at=AT) == 3
