"""What a form may hold: anything else is refused before publishing, with the component and its mend."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms import Form, check_form
from engine.forms.components import INPUTS, SHOWN
from tests.unit.forms.samples import GRADES, REQUEST, errors_of, field, options, schema

ROW = [field("textfield", "curso", "Curso")]


@pytest.mark.parametrize("form", [REQUEST, GRADES, schema()])
def test_a_form_that_is_all_supported_has_no_problem(form: dict[str, Any]) -> None:
    assert check_form(form) == []
    Form(form)


@pytest.mark.parametrize(
    ("component", "said"),
    [
        ({"type": "html", "id": "h"}, "use el componente «text»"),
        ({"type": "iframe", "id": "h", "url": "https://x"}, "enlace https"),
        ({"type": "expression", "key": "k"}, "tarea de script"),
        ({"type": "inventado", "id": "h"}, "el tipo no se admite"),
        ({"id": "h"}, "sin tipo"),
        ("texto", "sin tipo"),
        (field("textfield", "x", onclick="alert(1)"), "la propiedad «onclick» no se admite"),
        (field("textfield", "x", validate={"custom": 1}), "la validación «custom» no se admite"),
        (field("checkbox", "x", validate={"min": 1}), "la validación «min» no se admite"),
        (field("number", "x", validate={"min": "=a"}), "«min» debe ser un número"),
        (field("number", "x", validate={"min": 5, "max": 1}), "«min» es mayor que «max»"),
        (field("textfield", "x", validate={"minLength": 1.5}), "número entero"),
        (field("textfield", "x", validate={"required": "=a"}), "verdadero o falso"),
        (field("textfield", "x", validate=[1]), "debe ser un objeto"),
        (field("textfield", "x", validate={"pattern": "^(a+)+$"}), "no anide repeticiones"),
        (field("textfield", "x", validate={"pattern": "["}), "no es una expresión regular"),
        (field("textfield", "x", validate={"pattern": "^a$", "validationType": "email"}), "deje uno"),
        (field("textfield", "x", validate={"validationType": "url"}), "email o phone"),
        (field("number", "x", decimalDigits=20), "de 0 a 10"),
        (field("textfield", "x", readonly="=a"), "verdadero o falso"),
        (field("textfield", "X-Y"), "minúsculas sin acentos"),
        (field("textfield", "a.b"), "minúsculas sin acentos"),
        (field("textfield", "typename"), "la usa el sistema"),
        (field("textfield", "tramite"), "la usa el sistema"),
        (field("textfield", "csrf_token"), "la usa el sistema"),
        ({"type": "textfield", "key": "x"}, "falta la etiqueta"),
        (field("textfield", "x", "=a + b"), "no llevan expresiones"),
        (field("textfield", "x", "Hola {{ nombre }}"), "no llevan expresiones"),
        (field("select", "x"), "una sola fuente de opciones"),
        (field("select", "x", values=options("a"), valuesKey="b"), "una sola fuente de opciones"),
        (field("select", "x", valuesExpression="=get entries(a)"), "vienen de un camino"),
        (field("select", "x", values=[{"label": "A"}]), "cada opción lleva"),
        (field("select", "x", values=[*options("a"), *options("a")]), "mismo valor"),
        (field("radio", "x", values=[{"value": "a", "label": "A", "img": "x"}]), "cada opción lleva"),
        (field("datetime", "x", subtype="mes"), "date, time o datetime"),
        (field("datetime", "x", properties={"desde": "ayer"}), "fecha como 2026-03-31"),
        (field("textfield", "x", properties={"color": "rojo"}), "la propiedad «color» no se conoce"),
        (field("textfield", "x", properties={"valor_inicial": "=a + 1"}), "el camino de un dato"),
        (field("dynamiclist", "x", properties={"filas_min": "uno"}, components=ROW), "número entero"),
        (field("filepicker", "x", accept="*"), "extensiones"),
        (field("dynamiclist", "x", components=[]), "no tiene campos"),
        (field("dynamiclist", "x", components=[field("filepicker", "f")]), "dentro de una lista"),
        (field("dynamiclist", "x", components=[field("dynamiclist", "y", components=ROW)]), "dentro de una lista"),
        (field("dynamiclist", "x", components=[field("textfield", "y", readonly=True)]), "solo lectura"),
        (field("dynamiclist", "x", components=ROW, defaultRepetitions=500), "de 0 a 50"),
        ({"type": "group", "id": "g", "label": "G", "path": "a", "components": []}, "no lleva ruta"),
        ({"type": "group", "id": "g", "components": {"a": 1}}, "debe ser una lista"),
        ({"type": "table", "id": "t", "dataSource": "=f(x)", "columns": [{"key": "a", "label": "A"}]}, "dataSource"),
        ({"type": "table", "id": "t", "dataSource": "=a"}, "las columnas"),
        ({"type": "text", "id": "t", "text": "Hola {{ f(x) }}"}, "solo el camino de un dato"),
        ({"type": "text", "id": "t", "text": "=a"}, "no puede ser una expresión"),
        ({"type": "button", "id": "b", "label": "B", "action": "delete"}, "solo puede enviar"),
        (field("textfield", "x", conditional={"hide": "=f(a)"}), "la función «f»"),
        (field("textfield", "x", conditional={"hide": "=a >"}), "no se admite"),
        (field("textfield", "x", conditional={"show": "=a"}), "«show» no se admite"),
        (field("textfield", "x", conditional={"hide": 5}), "debe ser un texto"),
        (field("textfield", "x", conditional={"hide": "=x = 1"}), "Las condiciones dan vueltas"),
    ],
)
def test_what_is_not_supported_is_named_with_its_mend(component: Any, said: str) -> None:
    problems = check_form(schema(component))
    assert any(said in problem for problem in problems), problems
    assert all(problem.endswith(".") for problem in problems)


@pytest.mark.parametrize("form", [None, [], {}, {"components": {}}, {"components": "x"}, 5])
def test_what_is_not_a_schema_is_refused(form: Any) -> None:
    assert "no es un esquema" in check_form(form)[0]


def test_a_repeated_key_is_refused_groups_included_but_not_between_a_list_and_the_form() -> None:
    inside = {"type": "group", "id": "g", "label": "G", "components": [field("number", "x")]}
    assert "repetida" in check_form(schema(field("textfield", "x"), inside))[0]
    rows = field("dynamiclist", "filas", components=[field("textfield", "x")])
    assert check_form(schema(field("textfield", "x"), rows)) == []
    twice = field("dynamiclist", "filas", components=[field("textfield", "x"), field("number", "x")])
    assert "repetida" in check_form(schema(twice))[0]


def test_conditions_that_go_round_through_a_group_are_refused() -> None:
    group = {
        "type": "group",
        "id": "g",
        "label": "G",
        "conditional": {"hide": "=b = null"},
        "components": [field("textfield", "a")],
    }
    problems = check_form(schema(group, field("textfield", "b", conditional={"hide": '=a = "x"'})))
    assert problems
    assert "dan vueltas" in problems[0]


def test_groups_too_deep_and_forms_too_long_are_refused() -> None:
    deep: dict[str, Any] = field("textfield", "x")
    for n in range(5):
        deep = {"type": "group", "id": f"g{n}", "label": "G", "components": [deep]}
    assert "quite alguno" in check_form(schema(deep))[0]
    assert "divídalo" in check_form(schema(*(field("textfield", f"x{n}") for n in range(201))))[0]


def test_a_form_of_an_older_release_with_unknown_parts_still_opens() -> None:
    form = Form(schema({"type": "inventado", "key": "z"}, field("textfield", "x", nuevo=True)))
    assert form.clean({"x": "a"}, {}) == {"x": "a"}


def test_any_json_in_the_place_of_a_form_is_told_in_sentences_and_never_a_fault() -> None:
    deep: dict[str, Any] = field("textfield", "x")
    for n in range(400):
        deep = field("dynamiclist", f"l{n}", components=[deep])
    assert check_form(schema(deep))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KINDS = st.sampled_from(sorted(INPUTS | SHOWN | {"html", ""}))
PROPERTIES = st.sampled_from(
    ["key", "path", "label", "values", "valuesKey", "validate", "conditional", "properties", "components", "columns", "dataSource",
     "text", "accept", "decimalDigits", "subtype", "action", "defaultRepetitions", "readonly", "description"]
)  # fmt: skip


@given(st.lists(st.tuples(KINDS, st.dictionaries(PROPERTIES, JSON, max_size=6)), max_size=4))
def test_any_component_is_admitted_or_refused_and_what_is_admitted_works(
    parts: list[tuple[str, dict[str, Any]]],
) -> None:
    built = schema(*({**properties, "type": kind} for kind, properties in parts))
    problems = check_form(built)
    assert all(isinstance(problem, str) and problem.endswith(".") for problem in problems)
    if not problems:
        form = Form(built)
        form.defaults({})
        errors_of(form, {})
