"""Answers that come clean, and what is said of those that do not."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from engine.forms import Form
from tests.unit.forms.samples import ANSWERS, GRADES, REQUEST, REQUIRED, STUDENTS, errors_of, field, options, schema

FORM = Form(REQUEST)


def one(kind: str, value: Any, context: dict[str, Any] | None = None, **more: Any) -> Any:
    return Form(schema(field(kind, "x", "Dato", **more))).clean({"x": value}, context or {})["x"]


def refusal(kind: str, value: Any, context: dict[str, Any] | None = None, **more: Any) -> str:
    return errors_of(schema(field(kind, "x", "Dato", **more)), {"x": value}, context).get("x", "")


@pytest.mark.req("C-40")
def test_every_question_is_in_the_result_and_what_was_not_answered_is_empty() -> None:
    assert FORM.clean(ANSWERS, {}) == {
        "productos": ["matriz"],
        "destino": "pais",
        "lugar": None,
        "motivo": None,
        "correo": None,
        "copias": None,
        "cedula": [],
        "acepto": True,
    }


def test_clean_answers_are_clean_again() -> None:
    once = FORM.clean({**ANSWERS, "motivo": " Para  el\r\ntrabajo ", "copias": "2"}, {})
    assert FORM.clean(once, {}) == once
    assert (once["motivo"], once["copias"]) == ("Para  el\ntrabajo", 2)


def test_every_missing_answer_is_named_at_once_in_the_order_of_the_form_with_the_owners_sentence() -> None:
    assert list(errors_of(FORM, {}).items()) == [
        ("productos", "Elija al menos un producto"),
        ("destino", "Elija una opción en «¿Dónde lo va a presentar?»"),
        ("acepto", "Marque la casilla «Declaro que es cierto»"),
    ]


def test_a_hidden_question_is_not_required_and_its_answer_is_dropped() -> None:
    assert FORM.clean({**ANSWERS, "lugar": "Perú"}, {})["lugar"] is None
    assert FORM.clean({**ANSWERS, "destino": "exterior", "lugar": "Perú"}, {})["lugar"] == "Perú"
    assert errors_of(FORM, {**ANSWERS, "destino": "exterior"}) == {"lugar": "Complete «País»"}


def test_an_earlier_answer_kept_in_the_case_does_not_decide_what_is_seen_now() -> None:
    assert errors_of(FORM, ANSWERS, {"destino": "exterior", "lugar": "Perú"}) == {}


def test_hiding_goes_on_from_field_to_field() -> None:
    chain = schema(
        field("checkbox", "a"),
        field("textfield", "b", conditional={"hide": "=a != true"}),
        field("textfield", "c", conditional={"hide": "=b = null"}),
    )
    assert Form(chain).clean({"a": False, "b": "x", "c": "y"}, {}) == {"a": False, "b": None, "c": None}
    assert Form(chain).clean({"a": True, "b": "x", "c": "y"}, {}) == {"a": True, "b": "x", "c": "y"}


def test_a_hidden_group_hides_all_that_it_holds() -> None:
    group = {
        "type": "group",
        "id": "g",
        "label": "Datos",
        "conditional": {"hide": "=pide != true"},
        "components": [field("textfield", "dato", validate=REQUIRED)],
    }
    form = Form(schema(field("checkbox", "pide"), group))
    assert form.clean({"dato": "x"}, {}) == {"pide": False, "dato": None}
    assert errors_of(form, {"pide": True}) == {"dato": "Complete «Dato»"}


def test_a_condition_may_look_at_the_case() -> None:
    form = schema(
        field("textfield", "x", conditional={"hide": '=tramite.solicitante.perfil = "estudiante"'}, validate=REQUIRED)
    )
    assert errors_of(form, {}, {"tramite": {"solicitante": {"perfil": "estudiante"}}}) == {}
    assert errors_of(form, {}, {"tramite": {"solicitante": {"perfil": "graduado"}}}) == {"x": "Complete «X»"}


def test_a_read_only_value_comes_from_the_case_and_never_from_the_answers() -> None:
    form = schema(field("textfield", "nombre", "Nombre", readonly=True), field("textfield", "apodo", disabled=True))
    assert Form(form).clean({"nombre": "Ana"}, {"nombre": "Ana"}) == {}
    assert errors_of(form, {"nombre": "Otra"}, {"nombre": "Ana"}) == {
        "nombre": "«Nombre» no se cambia aquí. Quítelo del envío."
    }
    assert list(errors_of(form, {"apodo": "Otra"})) == ["apodo"]


def test_text_is_trimmed_and_stored_in_one_normal_form() -> None:
    decomposed = unicodedata.normalize("NFD", "  Ñáñez de la Cruz ")
    assert one("textfield", decomposed) == "Ñáñez de la Cruz"
    assert len(one("textfield", decomposed)) == 16
    assert one("textfield", "dos\nlíneas") == "dos líneas"


@pytest.mark.parametrize(
    ("kind", "value", "clean", "more"),
    [
        ("number", "7,5", 7.5, {}),
        ("number", 7.0, 7, {"decimalDigits": 0}),
        ("number", "0,3", 0.3, {"decimalDigits": 1}),
        ("number", -2, -2, {}),
        ("checkbox", "1", True, {}),
        ("checkbox", "", False, {}),
        ("select", "b", "b", {"values": options("a", "b")}),
        ("select", "7", 7, {"values": [{"label": "Siete", "value": 7}]}),
        ("checklist", ["a", "b"], ["a", "b"], {"values": options("a", "b")}),
        ("checklist", "a", ["a"], {"values": options("a", "b")}),
        ("taglist", [], [], {"values": options("a", "b")}),
        ("datetime", "2026-03-31", "2026-03-31", {"subtype": "date"}),
        ("datetime", "31/3/2026", "2026-03-31", {"subtype": "date"}),
        ("datetime", "9:30", "09:30", {"subtype": "time"}),
        ("datetime", "2026-03-31T09:30:00", "2026-03-31T09:30", {"subtype": "datetime"}),
        ("textfield", "+593 99 123 4567", "+593 99 123 4567", {"validate": {"validationType": "phone"}}),
        ("textfield", "ana.ñ@uni.edu.ec", "ana.ñ@uni.edu.ec", {"validate": {"validationType": "email"}}),
        ("textfield", "AB-12", "AB-12", {"validate": {"pattern": "^[A-Z]{2}-[0-9]+$"}}),
    ],
)
def test_a_good_answer_of_each_kind_is_kept(kind: str, value: Any, clean: Any, more: dict[str, Any]) -> None:
    found = one(kind, value, **more)
    assert found == clean
    assert type(found) is type(clean)


@pytest.mark.parametrize(
    ("kind", "value", "said", "more"),
    [
        ("textfield", "ab", "al menos 3 caracteres", {"validate": {"minLength": 3}}),
        ("textfield", "abcd", "no más de 3 caracteres (lleva 4)", {"validate": {"maxLength": 3}}),
        ("textfield", "x" * 501, "no más de 500", {}),
        ("textfield", "a" * 201, "no más de 200", {"validate": {"pattern": "^a+$"}}),
        ("textfield", "ab-12", "no tiene la forma pedida", {"validate": {"pattern": "^[A-Z]{2}-[0-9]+$"}}),
        (
            "textfield",
            "x",
            "Como AB-12",
            {"validate": {"pattern": "^A"}, "properties": {"mensaje_formato": "Como AB-12"}},
        ),
        ("textfield", "ana@", "nombre@ejemplo.com", {"validate": {"validationType": "email"}}),
        ("textfield", "a@b.c\u0301om, x@y.ec", "nombre@ejemplo.com", {"validate": {"validationType": "email"}}),
        ("textfield", "llámeme", "teléfono", {"validate": {"validationType": "phone"}}),
        ("textfield", 5, "no tiene la forma", {}),
        ("textfield", {"a": 1}, "no tiene la forma", {}),
        ("number", "siete", "por ejemplo 7,5", {}),
        ("number", "7,5", "sin decimales", {"decimalDigits": 0}),
        ("number", "7,55", "1 decimal como máximo", {"decimalDigits": 1}),
        ("number", 11, "va de 0 a 10", {"validate": {"min": 0, "max": 10}}),
        ("number", -1, "debe ser 0 o más", {"validate": {"min": 0}}),
        ("number", 6, "debe ser 5 o menos", {"validate": {"max": 5}}),
        ("number", True, "escriba un número", {}),
        ("number", 10**16, "o menos", {}),
        ("checkbox", "quizá", "no tiene la forma", {}),
        ("checkbox", False, "Marque la casilla", {"validate": REQUIRED}),
        ("select", "z", "no está en la lista", {"values": options("a")}),
        ("select", ["a"], "no está en la lista", {"values": options("a")}),
        ("radio", 1, "no está en la lista", {"values": options("a")}),
        ("checklist", ["a", "z"], "no está en la lista", {"values": options("a")}),
        ("checklist", ["a", "a"], "repetida", {"values": options("a")}),
        ("checklist", [], "Elija al menos una", {"values": options("a"), "validate": REQUIRED}),
        ("datetime", "2026-02-30", "una fecha que exista", {"subtype": "date"}),
        ("datetime", "20260331", "una fecha que exista", {"subtype": "date"}),
        ("datetime", "25:00", "entre 00:00 y 23:59", {"subtype": "time"}),
        ("datetime", "mañana", "una fecha y una hora", {"subtype": "datetime"}),
        ("datetime", "2025-12-31", "desde el 1 de enero de 2026", {"properties": {"desde": "2026-01-01"}}),
        ("datetime", "2027-01-01", "hasta el 31 de diciembre de 2026", {"properties": {"hasta": "2026-12-31"}}),
        ("filepicker", "no-es-lista", "ya no está", {}),
    ],
)
def test_a_bad_answer_of_each_kind_is_refused_in_plain_words(
    kind: str, value: Any, said: str, more: dict[str, Any]
) -> None:
    assert said in refusal(kind, value, **more)


def test_a_past_day_is_refused_by_the_day_of_the_institution() -> None:
    more = {"subtype": "date", "disallowPassedDates": True}
    assert "desde el 19 de noviembre" in refusal("datetime", "2026-11-18", {"hoy": "2026-11-19"}, **more)
    assert refusal("datetime", "2026-11-19", {"hoy": "2026-11-19"}, **more) == ""


def test_options_may_come_from_the_case() -> None:
    context = {"catalogo": {"programas": [{"value": "mgc", "label": "Maestría"}, "otro"]}}
    for source in ({"valuesKey": "catalogo.programas"}, {"valuesExpression": "=catalogo.programas"}):
        assert one("select", "mgc", context, **source) == "mgc"
        assert one("select", "otro", context, **source) == "otro"
        assert "no está en la lista" in refusal("select", "x", context, **source)
        assert "no está en la lista" in refusal("select", "mgc", {}, **source)


def test_only_files_that_this_person_may_attach_are_taken() -> None:
    ours = "0b0e7e9e-6a0f-4f43-9d0c-0a3b8f6f1c11"
    other = "6e0c1f2a-1111-4222-8333-444455556666"
    context = {"uploads": {ours: {"name": "cedula.pdf", "size": 10}}}
    assert FORM.clean({**ANSWERS, "cedula": [ours]}, context)["cedula"] == [ours]
    assert "Vuelva a subirlo" in errors_of(FORM, {**ANSWERS, "cedula": [ours, other]}, context)["cedula"]
    assert "Vuelva a subirlo" in errors_of(FORM, {**ANSWERS, "cedula": [ours]})["cedula"]


def test_one_file_where_one_is_asked_and_a_few_where_several() -> None:
    uploads = {f"0b0e7e9e-6a0f-4f43-9d0c-0a3b8f6f1c{n:02}": {"name": "a.pdf", "size": 1} for n in range(12)}
    context = {"uploads": uploads}
    assert "no más de 1 archivo" in refusal("filepicker", list(uploads)[:2], context)
    assert "no más de 10 archivos" in refusal("filepicker", list(uploads), context, multiple=True)
    more = {"multiple": True, "properties": {"archivos_max": "3"}}
    assert "no más de 3 archivos" in refusal("filepicker", list(uploads)[:4], context, **more)


def test_rows_keep_what_the_case_holds_and_take_only_what_is_asked() -> None:
    answers = {"alumnos": [{"nota": "7,5"}, {"ausente": True, "nota": "3"}]}
    assert Form(GRADES).clean(answers, STUDENTS)["alumnos"] == [
        {"nombre": "Aguilar Ñauta, Bryan", "legajo": "EX-1", "nota": 7.5, "ausente": False},
        {"nombre": "Álvarez, Sofía", "legajo": "EX-2", "nota": None, "ausente": True},
    ]


def test_an_error_in_a_row_says_which_row() -> None:
    assert errors_of(GRADES, {"alumnos": [{"nota": 11}, {}]}, STUDENTS) == {
        "alumnos.0.nota": "Fila 1. Calificación: va de 0 a 10",
        "alumnos.1.nota": "Fila 2. Escriba un número en «Calificación»",
    }


def test_rows_of_the_case_can_be_neither_added_nor_removed_nor_renamed() -> None:
    assert "deben venir las 2 filas" in errors_of(GRADES, {"alumnos": [{"nota": 7}]}, STUDENTS)["alumnos"]
    assert "deben venir las 2 filas" in errors_of(GRADES, {"alumnos": [{"nota": 7}] * 3}, STUDENTS)["alumnos"]
    renamed = {"alumnos": [{"nota": 7, "nombre": "Otra"}, {"nota": 7, "legajo": "EX-9"}]}
    assert list(errors_of(GRADES, renamed, STUDENTS)) == ["alumnos.0.nombre", "alumnos.1.legajo"]
    same = {"alumnos": [{"nota": 7, "nombre": "Aguilar Ñauta, Bryan"}, {"nota": 7, "legajo": "EX-2"}]}
    assert errors_of(GRADES, same, STUDENTS) == {}


def test_rows_that_a_person_adds_are_counted() -> None:
    rows = field(
        "dynamiclist",
        "filas",
        "Cursos",
        properties={"filas_min": "1", "filas_max": "2"},
        components=[field("textfield", "curso", "Curso", validate=REQUIRED)],
    )
    assert Form(schema(rows)).clean({"filas": [{"curso": "A"}]}, {"filas": [{"curso": "viejo", "otro": 1}]}) == {
        "filas": [{"curso": "A"}]
    }
    assert errors_of(schema(rows), {}) == {"filas": "Añada al menos una fila en «Cursos»"}
    assert "no más de 2 filas" in errors_of(schema(rows), {"filas": [{"curso": "A"}] * 3})["filas"]
    assert errors_of(schema(rows), {"filas": [{"curso": ""}]}) == {"filas.0.curso": "Fila 1. Complete «Curso»"}
    assert errors_of(schema(rows), {"filas": ["texto"]})
    assert errors_of(schema(rows), {"filas": "texto"})


def test_the_published_rules_are_those_that_are_checked() -> None:
    rules = FORM.json_schema({"destino": "pais"})
    assert rules["required"] == ["productos", "destino", "acepto"]
    assert rules["additionalProperties"] is False
    assert "lugar" not in rules["properties"]
    assert "lugar" in FORM.json_schema({"destino": "exterior"})["properties"]
    assert rules["properties"]["copias"] == {"title": "Copias", "type": "integer", "minimum": 1, "maximum": 5}


def test_defaults_come_from_the_case_then_from_a_path_then_from_the_form() -> None:
    form = Form(
        schema(
            field("textfield", "correo", properties={"valor_inicial": "=tramite.solicitante.correo"}),
            field("number", "copias", defaultValue=1),
            field("checklist", "productos", values=options("a")),
            field("dynamiclist", "filas", components=[field("textfield", "curso")], defaultRepetitions=2),
        )
    )
    context = {"tramite": {"solicitante": {"correo": "ana@une.example"}}}
    assert form.defaults(context) == {
        "correo": "ana@une.example",
        "copias": 1,
        "productos": [],
        "filas": [{"curso": None}, {"curso": None}],
    }
    assert form.defaults({**context, "correo": "otro@une.example", "copias": 3})["correo"] == "otro@une.example"
    assert Form(GRADES).defaults(STUDENTS) == STUDENTS


# --- letters that a document can write -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("certi\ufb01cado", "certificado"),
        ("\u2116 4, 2 \u2113", "No 4, 2 l"),
        ("\uf0b7 la beca", "• la beca"),
        ("Krako\u0301w\u200f", "Kraków"),
        ("½ m², 3ª, «sí» — €", "½ m², 3ª, «sí» — €"),
    ],
)
def test_what_is_pasted_from_a_pdf_or_word_is_spelt_in_plain_letters(pasted: str, kept: str) -> None:
    assert one("textfield", pasted) == one("textarea", pasted) == kept


@pytest.mark.parametrize("sign", ["→", "≥", "\u0391", "東", "☑", "😀", "\u2126"])
def test_a_sign_that_no_document_can_write_is_refused_at_its_field_by_name(sign: str) -> None:
    for kind in ("textfield", "textarea"):
        told = refusal(kind, f"Beca {sign} España")
        assert told.startswith("Dato: lleva «")
        assert f"U+{ord(unicodedata.normalize('NFC', sign)):04X}" in told


def test_in_a_row_the_row_and_the_field_are_named() -> None:
    rows = schema(field("dynamiclist", "materias", "Materias", components=[field("textfield", "nombre", "Nombre")]))
    found = errors_of(rows, {"materias": [{"nombre": "Álgebra"}, {"nombre": "Análisis ∞"}]})
    assert list(found) == ["materias.1.nombre"]
    assert found["materias.1.nombre"].startswith("Fila 2. Nombre: lleva «∞» (U+221E)")
