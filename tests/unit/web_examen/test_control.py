"""The control report, who answers for what, and the norm with the offices that take note of it (R-1, R-11, R-22, R-24)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.actas import examen as exam
from tests.support import examen
from tests.support.face import House, publish_process

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
PERIOD = "desde=2026-03-01&hasta=2026-03-31"


@pytest.mark.req("R-22")
def test_the_report_tells_who_kept_an_acta_longest_and_what_was_sent_back_with_which_defects(exams: House) -> None:
    database, at = exams.app.database, examen.AT
    slow, quick = examen.actas(database, examen.open_mesa(database, 22))
    examen.bring(database, slow.id, "en_carga")
    examen.bring(database, slow.id, "en_control", at=at + timedelta(days=9))
    how = {"by": exams.people["quimica"], "at": at + timedelta(days=10)}
    with database.write() as conn:
        exam.move_acta(conn, slow.id, "en_carga", job_key="v", note="Falta la fecha de la fila 3.", **how)
    examen.bring(database, quick.id, "bloqueada", at=at + timedelta(days=1))
    page = exams.enter("jefa").open(f"/examenes/control?{PERIOD}").text
    assert "Falta la fecha de la fila 3." in page
    assert "Tadeo Ñato" in page
    assert "9,0" in page
    assert quick.base in page  # of which no copy is shelved
    lines = exams.enter("gestion").open(f"/examenes/control.csv?{PERIOD}").text.splitlines()
    assert any(line.startswith(f"espera,{slow.base},Departamento de Química,Docente") for line in lines)
    assert any(line.startswith("devolución,") and "Falta la fecha" in line for line in lines)
    assert "firma,,,en el sistema,,,1," in lines
    assert any(line.startswith(f"sin lugar,{quick.base}") for line in lines)
    empty = exams.enter("jefa").open("/examenes/control?desde=2019-01-01&hasta=2019-12-31").text
    assert "Falta la fecha" not in empty
    assert slow.base not in empty


@pytest.mark.req("R-22")
def test_signatures_made_with_another_program_are_counted_apart(exams: House) -> None:
    database = exams.app.database
    (acta,) = examen.actas(database, examen.open_mesa(database, 1))
    examen.bring(database, acta.id, "a_firma")
    with database.write() as conn:
        signed = examen.signed_document(conn, acta.base, job_key="devuelto:1")
        how = {"job_key": "firma", "by": None, "at": examen.AT}
        exam.move_acta(conn, acta.id, "firmada", document_id=signed, **how)
    with database.read() as conn:
        found = exam.control_of(conn, examen.AT, examen.AT + timedelta(days=1), exams.clock.now())
        before = exam.control_of(conn, examen.AT - timedelta(days=1), examen.AT, exams.clock.now())
    assert (found.signed_inside, found.signed_outside) == (0, 1)
    assert found.by_state == {"firmada": 1}
    assert (before.signed_inside, before.signed_outside, before.by_state, before.longest) == (0, 0, {}, {})


@pytest.mark.req("R-11")
def test_the_report_is_for_those_who_see_the_whole_register(exams: House) -> None:
    for username, status in (("jefa", 200), ("gestion", 200), ("quimica", 404), ("docente", 404), ("maria", 404)):
        visitor = exams.enter(username)
        assert visitor.open("/examenes/control").status_code == status, username
        assert visitor.open("/examenes/control.csv").status_code == status, username


@pytest.mark.req("R-11")
def test_who_answers_for_each_step_is_read_off_the_diagram(exams: House) -> None:
    publish_process(exams, "acta_examen")
    page = exams.enter("quimica").open("/examenes/responsabilidades").text
    assert "Responde y firma" in page
    assert "Autoridad Departamental" in page
    assert "La cuenta del Departamento" in page
    assert "mesa.docente" not in page
    assert page.count(">Elevar el caso<") == 1  # drawn in the control and in the reception, to the same authority
    assert exams.enter("maria").open("/examenes/responsabilidades").status_code == 404


@pytest.mark.req("R-1", "R-24")
def test_each_office_of_article_6_takes_note_once_through_who_holds_its_role(exams: House) -> None:
    chief = exams.enter("jefa")
    page = chief.open("/examenes/norma").text
    for said in ("CSU-142/21", "Expte. 1654/12", "Bahía Blanca", "Dirección General de Personal", "Economía", "Falta"):
        assert said in page
    assert page.count("Tomo conocimiento") == 1
    for _ in range(2):
        assert chief.send("/examenes/norma", {"oficina": "sgpyec"}).status_code == 303
    after = chief.open("/examenes/norma").text
    assert "Tomo conocimiento" not in after
    assert "Ana Lucía Güemes" in after
    with exams.app.database.read() as conn:
        (note,) = exam.notes(conn)
    assert (note.office, note.role, note.person_id) == ("sgpyec", "sgpyec", exams.people["jefa"])
    assert exams.enter("quimica").send("/examenes/norma", {"oficina": "departamento:quimica"}).status_code == 303
    exams.person("personal", "Lidia", "Sosa", "norma:personal")  # an office that takes part in nothing else
    lidia = exams.enter("personal")
    assert "Tomo conocimiento" in lidia.open("/examenes/norma").text
    assert lidia.send("/examenes/norma", {"oficina": "personal"}).status_code == 303
    assert lidia.open("/examenes").status_code == 404


@pytest.mark.req("R-24")
def test_nobody_takes_note_for_an_office_of_others(exams: House) -> None:
    for username, office in (
        ("quimica", "departamento:economia"),
        ("quimica", "sgpyec"),
        ("docente", "departamento:quimica"),
        ("maria", "sgpyec"),
        ("jefa", "ninguna"),
    ):
        assert exams.enter(username).send("/examenes/norma", {"oficina": office}).status_code == 403, username
    with exams.app.database.read() as conn:
        assert exam.notes(conn) == []
    assert exams.enter("maria").open("/examenes/norma").status_code == 404
