"""A posted page read back, and answers told in the words of the person who gave them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine.forms import Form
from tests.unit.forms.samples import ANSWERS, GRADES, REQUEST, STUDENTS, errors_of, field, schema

FORM = Form(REQUEST)
FILES = ["0b0e7e9e-6a0f-4f43-9d0c-0a3b8f6f1c11", "0b0e7e9e-6a0f-4f43-9d0c-0a3b8f6f1c12"]


def posted(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(pairs)


def test_a_page_is_read_as_it_was_written() -> None:
    page = posted(
        ("csrf_token", "t"),
        ("request_id", "r"),
        ("_accion", "guardar"),
        ("productos", "matriz"),
        ("productos", "archivo"),
        ("destino", "exterior"),
        ("lugar", " Perú "),
        ("copias", "dos"),
        ("acepto", "1"),
    )
    assert FORM.parse(page) == {
        "productos": ["matriz", "archivo"],
        "destino": "exterior",
        "lugar": " Perú ",
        "motivo": "",
        "correo": "",
        "copias": "dos",
        "cedula": [],
        "acepto": True,
    }


def test_an_unknown_field_of_a_page_reaches_the_check_and_is_refused() -> None:
    raw = FORM.parse(posted(("productos", "matriz"), ("destino", "pais"), ("acepto", "1"), ("rol", "admin")))
    assert list(errors_of(FORM, raw)) == ["rol"]


def test_files_already_there_stay_new_ones_are_added_and_marked_ones_go() -> None:
    page = posted(("cedula", FILES[0]), ("cedula", "otro"), ("cedula.quitar", "otro"))
    assert FORM.parse(page, {"cedula": [FILES[1]]})["cedula"] == FILES


def test_one_new_file_replaces_the_one_there_was() -> None:
    form = Form(schema(field("filepicker", "cedula")))
    assert form.upload_keys == ("cedula",)
    assert form.parse(posted(("cedula", FILES[0])), {"cedula": [FILES[1]]}) == {"cedula": [FILES[1]]}
    assert form.parse(posted(("cedula", FILES[0])), {}) == {"cedula": [FILES[0]]}


def test_rows_are_read_in_their_order_and_read_only_columns_are_not_looked_at() -> None:
    page = posted(
        ("alumnos.1._", "1"),
        ("alumnos.0._", "1"),
        ("alumnos.0.nota", "7,5"),
        ("alumnos.0.nombre", "Falso"),
        ("alumnos.1.ausente", "1"),
        ("alumnos.1.nota", ""),
    )
    raw = Form(GRADES).parse(page)
    assert raw == {"alumnos": [{"ausente": False, "nota": "7,5"}, {"ausente": True, "nota": ""}]}
    assert Form(GRADES).clean(raw, STUDENTS)["alumnos"][0]["nombre"] == "Aguilar Ñauta, Bryan"


def test_a_row_number_out_of_all_proportion_is_an_unknown_field() -> None:
    raw = Form(GRADES).parse(posted(("alumnos.9999.nota", "7"), ("alumnos.0._", "1")))
    assert "alumnos.9999.nota" in errors_of(GRADES, raw, STUDENTS)


def test_row_buttons_add_and_remove() -> None:
    answers = {"filas": [{"curso": "A"}, {"curso": "B"}]}
    assert FORM.change_rows(answers, "filas+")["filas"] == [{"curso": "A"}, {"curso": "B"}, {}]
    assert FORM.change_rows(answers, "filas-0")["filas"] == [{"curso": "B"}]
    for nonsense in ("", "otra+", "filas-99", "filas-x", "+", "-1"):
        assert FORM.change_rows(answers, nonsense)["filas"] == answers["filas"]


NAMES = st.sampled_from([*(c.key for c in FORM.fields), "cedula.quitar", "alumnos.0.nota", "alumnos.x", "_a", ""])


@given(st.lists(st.tuples(NAMES | st.text(max_size=8), st.text(max_size=12)), max_size=15))
def test_whatever_is_posted_is_read_and_then_clean_or_refused(pairs: list[tuple[str, str]]) -> None:
    for form, context in ((FORM, {}), (Form(GRADES), STUDENTS)):
        errors_of(form, form.parse(posted(*pairs)), context)


def test_answers_are_told_as_they_were_seen() -> None:
    answers = {
        **ANSWERS,
        "destino": "exterior",
        "lugar": "Perú",
        "copias": 2,
        "motivo": "Trabajo",
        "cedula": [FILES[0]],
    }
    context = {"uploads": {FILES[0]: {"name": "cedula.pdf", "size": 1}}}
    assert FORM.describe(answers, context) == [
        ("Productos", "Matriz"),
        ("¿Dónde lo va a presentar?", "Exterior"),
        ("País", "Perú"),
        ("Motivo", "Trabajo"),
        ("Correo", "Sin respuesta"),
        ("Copias", "2"),
        ("Copia de su cédula", "cedula.pdf"),
        ("Declaro que es cierto", "Sí"),
    ]
    assert "País" not in dict(FORM.describe(ANSWERS))
    assert FORM.summary(answers, context)[0].key == "productos"


def test_dates_hours_and_grades_are_told_in_words() -> None:
    form = Form(
        schema(
            field("datetime", "dia", "Día", subtype="date"),
            field("datetime", "cita", "Cita", subtype="datetime"),
            field("number", "promedio", "Promedio", decimalDigits=2),
        )
    )
    answers = {"dia": "2026-03-31", "cita": "2026-03-31T09:30", "promedio": 7.5}
    assert form.describe(answers) == [
        ("Día", "31 de marzo de 2026"),
        ("Cita", "31 de marzo de 2026, 09:30"),
        ("Promedio", "7,50"),
    ]
    assert form.describe({"dia": "nunca", "promedio": "muchos"})[0] == ("Día", "nunca")


def test_rows_are_told_one_by_one_without_what_does_not_apply() -> None:
    answers = Form(GRADES).clean({"alumnos": [{"nota": 7.5}, {"ausente": True}]}, STUDENTS)
    assert Form(GRADES).describe(answers, STUDENTS) == [
        (
            "Calificaciones",
            "1. Apellido y nombre: Aguilar Ñauta, Bryan; Calificación: 7,5; Ausente: No\n"
            "2. Apellido y nombre: Álvarez, Sofía; Ausente: Sí",
        )
    ]
