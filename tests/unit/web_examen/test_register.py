"""The register, an acta's page, the figures and the student's history: each shows what is the reader's to see."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine import people
from engine.actas import examen as exam
from engine.mail import prepare_mail
from tests.support import examen
from tests.support.face import House, a_pdf
from tests.support.old_scans import old_acta, scan_one

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # both databases: see tests/unit/actas


@pytest.mark.req("R-26", "R-27")
def test_an_acta_is_found_by_student_course_docente_and_place_and_tells_who_has_it(house: House) -> None:
    mesa = examen.open_mesa(house.app.database, 22)
    first, second = examen.actas(house.app.database, mesa)
    examen.bring(house.app.database, first.id, "en_carga")
    visitor = house.enter("jefa")
    for asked in ("apellido 00001", "20000001", "métodos numéricos", "bermudez", "L1 F1", "libro 1", first.base):
        assert first.base in visitor.open(f"/examenes?q={asked}").text, asked
    assert first.base not in visitor.open("/examenes?q=L1 F2").text
    assert "Ningún acta coincide" in visitor.open("/examenes?q=nadie").text
    page = visitor.open("/examenes?estado=en_carga").text
    assert first.base in page
    assert second.base not in page
    assert "Docente" in page
    piles = visitor.open("/examenes").text
    assert "En carga" in piles
    assert "Generada" in piles


@pytest.mark.req("R-11", "R-27")
def test_each_sees_the_actas_that_are_theirs(house: House) -> None:
    (acta,) = examen.actas(house.app.database, examen.open_mesa(house.app.database, 2))
    for username, sees in (("jefa", True), ("quimica", True), ("docente", True), ("economia", False)):
        visitor = house.enter(username)
        assert (acta.base in visitor.open("/examenes").text) is sees, username
        assert visitor.open(f"/examenes/{acta.base}").status_code == (200 if sees else 404), username
    student = house.enter("maria")
    assert student.open("/examenes").status_code == 404
    assert student.open(f"/examenes/{acta.base}").status_code == 404


@pytest.mark.req("R-27", "R-38", "R-52", "R-53")
def test_the_page_of_an_acta_tells_its_rows_statements_copies_and_steps(house: House) -> None:
    database, at = house.app.database, house.clock.now()
    (acta,) = examen.actas(database, examen.open_mesa(database, 3))
    examen.bring(database, acta.id, "bloqueada", absent=[2])
    with database.write() as conn:
        second = examen.statement(conn, acta.id, mark="4")
        exam.record_load(conn, acta.id, source="correo", by=None, at=at, **second)
        shelf = {"job_key": "a", "by": house.people["jefa"], "at": at, "place": "Estante 4, caja 12"}
        exam.record_copy(conn, acta.id, "shelved", **shelf)
    page = house.enter("jefa").open(f"/examenes/{acta.base}").text
    assert "Total de alumnos inscriptos: 3. Total de alumnos examinados: 2." in page
    assert '<span class="muted">ausente</span>' in page
    assert "es la que vale" in page
    assert "por correo" in page
    assert "Estante 4, caja 12" in page
    assert "Bloqueada" in page
    assert str(examen.read_acta(database, acta.id).original_sha256) in page


@pytest.mark.req("R-26")
def test_the_directive_board_counts_each_department(house: House) -> None:
    database = house.app.database
    mesa = examen.open_mesa(database, 22, fecha=date(2026, 3, 1))
    first, _second = examen.actas(database, mesa)
    examen.bring(database, first.id, "bloqueada")
    page = house.enter("jefa").open("/examenes/tablero?desde=2026-01-01&hasta=2026-12-31").text
    assert "Departamento de Química" in page
    assert "Economía" not in page
    assert "No hubo mesas" in house.enter("economia").open("/examenes/tablero").text
    assert "No hubo mesas" in house.enter("jefa").open("/examenes/tablero?desde=2019-01-01&hasta=2019-12-31").text


@pytest.mark.req("R-50")
def test_a_student_sees_a_grade_from_its_publication_on_and_not_before(house: House) -> None:
    database, at = house.app.database, house.clock.now()
    with database.write() as conn:
        people.update_person(conn, house.people["maria"], identity_kind="dni", identity_number="20000001")
    (acta,) = examen.actas(database, examen.open_mesa(database, 1))
    examen.bring(database, acta.id, "bloqueada", mark="8")
    student = house.enter("maria")
    assert "Todavía no hay calificaciones publicadas" in student.open("/historia").text
    schedule = exam.Schedule.of(house.app.config)
    assert exam.publish_due(database, schedule, at).actas == 1
    page = student.open("/historia").text
    assert "<b>8</b> (ocho)" in page
    assert acta.base in page
    assert "Aprobado" in page


@pytest.mark.req("R-48", "R-55")
def test_a_student_reads_that_an_acta_was_rebuilt_not_that_the_grade_was_put_right(house: House) -> None:
    database, at = house.app.database, house.clock.now()
    with database.write() as conn:
        people.update_person(conn, house.people["maria"], identity_kind="dni", identity_number="20000001")
    (first,) = examen.actas(database, examen.open_mesa(database, 1))
    lost = first.id
    examen.bring(database, lost, "bloqueada", mark="8")
    schedule = exam.Schedule.of(house.app.config)
    assert exam.publish_due(database, schedule, at).actas == 1
    how = {"capacity": 500, "by": None, "at": examen.AT, "zone": examen.ZONE, "reason": "No está."}
    for opened, told in ((exam.open_reconstruction, {}), (exam.open_rectification, {"filas": [1]})):
        with database.write() as conn:
            made = opened(conn, lost, job_key=opened.__name__, **told, **how)
        examen.bring(database, made, "bloqueada", mark="8" if not told else "9")
        assert exam.publish_due(database, schedule, at).actas == 1
        page = house.enter("maria").open("/historia").text
        assert "su acta se reconstruyó después" in page
        assert page.count("<s>") == page.count("rectificada después") == len(told)
        lost = made
    assert "<b>9</b> (nueve)" in page


def test_a_long_register_is_read_page_by_page_and_each_acta_once(house: House) -> None:
    database = house.app.database
    for n in range(3):
        examen.open_mesa(database, 22, curso=f"Curso {n}")
    everything = exam.Scope(house.people["jefa"], True, frozenset())
    for waiting in (False, True):
        seen: list[str] = []
        after = None
        while True:
            with database.read() as conn:
                page = exam.find_actas(conn, exam.ActaQuery(after=after, size=2, unlocked=waiting), everything)
            seen += [one.base for one in page.actas]
            if page.next is None:
                break
            after = page.next
        assert len(seen) == len(set(seen)) == 6
        assert seen == sorted(seen, reverse=not waiting)


@pytest.mark.req("R-29", "R-30")
def test_the_page_of_an_acta_links_the_list_that_completes_its_mesa_and_who_is_in_two(house: House) -> None:
    database = house.app.database
    first = examen.open_mesa(database, 2)
    (one,) = examen.actas(database, first)
    (added,) = examen.actas(database, examen.open_mesa(database, [examen.student(90)], completes=first))
    (other,) = examen.actas(database, examen.open_mesa(database, [examen.student(1, expediente="X-1")]))
    visitor = house.enter("jefa")
    page = visitor.open(f"/examenes/{one.base}").text
    assert "A la mesa se le agregó una lista complementaria" in page
    assert f'/examenes/{added.base}"' in page
    assert "Alumnos que están además en otra acta de este curso" in page
    assert f'Apellido 00001, Nombre 1: <a href="/examenes/{other.base}">' in page
    page = visitor.open(f"/examenes/{added.base}").text
    assert "Es de una lista complementaria: completa la mesa" in page
    assert "además en otra acta" not in page


@pytest.mark.req("R-27", "R-35")
def test_the_page_of_an_acta_tells_what_was_written_about_it_and_to_whom(house: House) -> None:
    database, at = house.app.database, house.clock.now()
    case_id = scan_one(house.app, old_acta(), a_pdf())  # any case
    first, second = examen.actas(database, examen.open_mesa(database, 22, case_id=case_id))
    with database.write() as conn:
        for n, acta in enumerate((first, second)):
            subject = f"Acta de examen {acta.base} para cargar"
            how = {"case_id": case_id, "to": ["irene@une.example"], "cc": ["oscar@une.example"], "body": "Va."}
            prepare_mail(conn, message_id=f"<{n}@une.example>", subject=subject, at=at, **how)
    page = house.enter("jefa").open(f"/examenes/{first.base}").text
    assert (f"{first.base} para cargar" in page, f"{second.base} para cargar" in page) == (True, False)
    assert "irene@une.example · con copia a oscar@une.example" in page
    assert "sin salir todavía" in page


@pytest.mark.req("R-35", "R-42")
def test_letters_that_differ_in_their_text_are_told_apart_and_equal_ones_together(house: House) -> None:
    database, at = house.app.database, house.clock.now()
    case_id = scan_one(house.app, old_acta(), a_pdf())  # any case
    (acta,) = examen.actas(database, examen.open_mesa(database, 2, case_id=case_id))
    with database.read() as conn:
        docente = people.get_person(conn, house.people["docente"]).email
    subject = f"Acta de examen {acta.base}"
    letters = [([docente], subject, "Va el acta."), ([docente], subject, "Corrija: la fila 2 no tiene fecha.")]
    letters += [([f"alumno{n}@une.example"], "Su calificación", f"Consta en el acta {acta.base}.") for n in range(4)]
    with database.write() as conn:
        for n, (to, about, body) in enumerate(letters):
            how = {"case_id": case_id, "to": to, "subject": about, "body": body, "at": at + timedelta(minutes=n)}
            prepare_mail(conn, message_id=f"<{n}@une.example>", **how)
    page = house.enter("jefa").open(f"/examenes/{acta.base}").text
    assert page.count(f"<b>{subject}</b>") == 2
    assert page.count("<b>Su calificación</b>") == 1
    assert "4 cartas iguales" in page
    assert "2 cartas iguales" not in page
    assert all(f"Para {one}" in page for to, _subject, _body in letters for one in to)
    assert page.index("Corrija: la fila 2") < page.index("Va el acta.")  # the newest first
    assert "El docente todavía no cargó" in page
    theirs = house.enter("docente").open(f"/examenes/{acta.base}").text
    assert "Corrija: la fila 2 no tiene fecha." in theirs
    assert "Consta en el acta" not in theirs  # written to others


def test_the_bar_of_the_register_holds_what_is_each_ones_and_opens_without_script(house: House) -> None:
    every = ("mesas", "tablero", "ejemplares", "antiguas", "firmantes", "control", "responsabilidades", "norma")
    for username, hidden in (("jefa", set()), ("docente", {"ejemplares", "antiguas", "firmantes", "control"})):
        page = house.enter(username).open("/examenes").text
        bar = page[page.index('<nav class="exam-rooms"') :].partition("</nav>")[0]
        at_hand, more = bar.split("<details")
        assert [one for one in every if f'href="/examenes/{one}"' in bar] == [one for one in every if one not in hidden]
        assert '/examenes/mesas"' in at_hand
        assert '/examenes/norma"' in more


@pytest.mark.req("R-48", "R-55")
def test_later_actas_stand_in_the_register_and_say_what_they_are(house: House) -> None:
    database = house.app.database
    first, second = examen.actas(database, examen.open_mesa(database, 22))
    for one in (first, second):
        examen.bring(database, one.id, "bloqueada")
    how = {"capacity": 500, "by": None, "at": examen.AT, "zone": examen.ZONE, "reason": "Fila 1."}
    with database.write() as conn:
        exam.open_rectification(conn, first.id, filas=[1], job_key="r", **how)
        exam.open_reconstruction(conn, second.id, job_key="p", **how)
    page = house.enter("jefa").open("/examenes")
    assert page.status_code == 200
    assert "rectificativa" in page.text
    assert "reconstruida" in page.text
    for base in ("2026-L0001-F0003", "2026-L0001-F0004"):
        assert house.enter("jefa").open(f"/examenes/{base}").status_code == 200
