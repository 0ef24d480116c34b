"""The page of a form: what a browser and a screen reader get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

from engine.errors import InvalidAnswers
from engine.forms import Form
from tests.unit.forms.bare_page import bare_application, select
from tests.unit.forms.samples import GRADES, REQUEST, REQUIRED, STUDENTS, field, options, schema
from web.forms import render_fields, render_form
from web.forms.markdown import read_blocks

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}'"


@pytest.fixture(autouse=True)
def application() -> Iterator[None]:
    with bare_application().test_request_context("/"):
        yield


def page(
    form: dict[str, Any], values: dict[str, Any] | None = None, context: dict[str, Any] | None = None, **more: Any
) -> Any:
    built = Form(form)
    shown = {**built.defaults(context or {}), **(values or {})}
    errors = more.pop("errors", None)
    return html.fromstring(str(render_form(built, shown, errors, action="/x", context=context, **more)))


def refused(form: dict[str, Any], answers: dict[str, Any], context: dict[str, Any] | None = None) -> Any:
    with pytest.raises(InvalidAnswers) as error:
        Form(form).clean(answers, context or {})
    return page(form, answers, context, errors=error.value.errors)


def names_of(node: Any) -> set[str]:
    return {element.get("name") for element in select(node, "input, select, textarea") if element.get("name")}


def test_every_control_has_a_label_or_a_name_of_its_own() -> None:
    for form, context in ((REQUEST, {}), (GRADES, STUDENTS)):
        built = page(form, {"destino": "exterior"}, context)
        labels = {label.get("for") for label in select(built, "label[for]")}
        for control in select(built, "input:not([type=hidden]), select, textarea"):
            wrapped = control.getparent().tag == "label"
            named = control.get("aria-label") or control.get("aria-labelledby")
            assert wrapped or named or control.get("id") in labels, html.tostring(control)


def test_no_identifier_is_repeated_and_every_reference_exists() -> None:
    for form, context in ((REQUEST, {}), (GRADES, STUDENTS)):
        built = refused(form, {}, context)
        ids = [element.get("id") for element in select(built, "[id]")]
        assert len(ids) == len(set(ids))
        for element in select(built, "[aria-describedby]"):
            assert set(element.get("aria-describedby").split()) <= set(ids)


def test_errors_are_summed_up_on_top_linked_to_their_field_and_say_what_was_kept() -> None:
    built = refused(REQUEST, {"destino": "exterior", "acepto": True})
    summary = select(built, ".error-summary")[0]
    assert "Falta corregir 2 respuestas" in summary.text_content()
    assert "Guardamos todo lo demás, también los archivos." in summary.text_content()
    links = [link.get("href") for link in select(summary, "a")]
    assert links == ["#f-productos", "#f-lugar"]
    for link in links:
        assert select(built, link)[0].tag in ("input", "select", "textarea")
    country = select(built, "#f-lugar")[0]
    assert country.get("aria-invalid") == "true"
    assert built.get_element_by_id(country.get("aria-describedby")).text_content() == "Error: Complete «País»"
    assert select(built, ".field.wrong .error svg use")[0].get("href").endswith("#circle-alert")


def test_what_was_typed_is_shown_again_even_when_it_is_wrong() -> None:
    built = page(
        REQUEST, {"copias": "siete", "motivo": "Uno\nDos", "productos": ["archivo"], "destino": "pais", "acepto": True}
    )
    assert select(built, "[name=copias]")[0].get("value") == "siete"
    assert select(built, "[name=motivo]")[0].text.strip() == "Uno\nDos"
    assert [i.get("value") for i in select(built, "[name=productos][checked]")] == ["archivo"]
    assert [i.get("value") for i in select(built, "[name=destino][checked]")] == ["pais"]
    assert select(built, "[name=acepto][checked]")


def test_a_question_that_depends_on_a_radio_lies_under_the_option_that_reveals_it() -> None:
    built = page(REQUEST)
    reveal = select(built, ".reveal")[0]
    assert names_of(reveal) == {"lugar"}
    assert select(reveal.getprevious(), "input")[0].get("value") == "exterior"
    assert not select(built, "[name=_accion][value=actualizar]")


def test_a_question_that_depends_on_a_select_or_a_box_is_revealed_by_its_place() -> None:
    form = schema(
        field("select", "via", values=options("correo", "retiro")),
        field("textfield", "sede", conditional={"hide": '=via != "retiro"'}),
        field("checkbox", "otro"),
        field("textfield", "cual", conditional={"hide": "=otro = false"}),
    )
    built = page(form)
    assert names_of(select(built, ".depends > .reveal.when-3")[0]) == {"sede"}
    assert names_of(select(built, ".depends > .reveal.when-on")[0]) == {"cual"}


def test_a_reveal_within_a_reveal_stays_within_it() -> None:
    form = schema(
        field("radio", "a", values=options("si", "no")),
        field("radio", "b", values=options("uno", "dos"), conditional={"hide": '=a != "si"'}),
        field("textfield", "c", conditional={"hide": '=b != "dos"'}),
    )
    outer, inner = select(page(form), ".reveal")
    assert names_of(outer) == {"b", "c"}
    assert names_of(inner) == {"c"}


def test_what_depends_on_several_options_of_a_list_lies_after_it_and_what_depends_on_one_under_its_card() -> None:
    one, two = '=not(list contains(p, "a"))', '=not(list contains(p, "a")) and not(list contains(p, "c"))'
    form = schema(
        field("checklist", "p", values=options("a", "b", "c")),
        field("textfield", "uno", conditional={"hide": one}),
        field("radio", "dos", values=options("x", "otro"), conditional={"hide": two}),
        field("textfield", "cual", conditional={"hide": f'=dos != "otro" or ({two[1:]})'}),
    )
    built = page(form)
    single, several, within = select(built, ".reveal")
    assert names_of(single) == {"uno"}
    assert several.get("class") == "reveal when-1 when-3 stack"
    assert names_of(several) == {"dos", "cual"}
    assert names_of(within) == {"cual"}
    assert not select(built, "[value=actualizar]")


def test_a_condition_that_css_cannot_tell_is_drawn_by_the_server_which_offers_to_look_again() -> None:
    form = schema(field("number", "n"), field("textfield", "por_que", conditional={"hide": "=n = null or n < 5"}))
    assert "por_que" not in names_of(page(form))
    assert select(page(form), "[name=_accion][value=actualizar]")
    assert "por_que" in names_of(page(form, {"n": 7}))


def test_a_condition_on_the_case_alone_offers_nothing() -> None:
    form = schema(field("textfield", "x", conditional={"hide": '=perfil = "a"'}))
    assert not select(page(form, {}, {"perfil": "a"}), "[name=_accion][value=actualizar]")


def test_enter_never_presses_a_button_that_removes_or_keeps_something() -> None:
    form = schema(field("dynamiclist", "filas", components=[field("textfield", "curso")]))
    first = select(page(form, save=True), "button")[0]
    assert first.get("name") is None


def test_keyboards_and_completion_help() -> None:
    form = schema(
        field("textfield", "correo", validate={"validationType": "email"}),
        field("textfield", "tel", validate={"validationType": "phone"}),
        field("number", "n", decimalDigits=0),
        field("number", "m"),
        field("textfield", "pais", properties={"autocompletar": "country-name"}, validate=REQUIRED),
        field("datetime", "dia", subtype="date", disallowPassedDates=True),
    )
    built = page(form, {}, {"hoy": "2026-11-19"})
    found = {c.get("name"): c for c in select(built, "input")}
    assert (found["correo"].get("type"), found["correo"].get("autocomplete")) == ("email", "email")
    assert (found["tel"].get("type"), found["tel"].get("inputmode")) == ("tel", "tel")
    assert (found["n"].get("inputmode"), found["m"].get("inputmode")) == ("numeric", "decimal")
    assert (found["pais"].get("autocomplete"), found["pais"].get("aria-required")) == ("country-name", "true")
    assert (found["dia"].get("type"), found["dia"].get("min")) == ("date", "2026-11-19")


def test_what_is_optional_says_so_and_what_is_required_does_not() -> None:
    built = page(REQUEST)
    marked = [
        label.text_content() for label in select(built, "label, legend, .label") if "(opcional)" in label.text_content()
    ]
    assert sorted(marked) == [
        "Copia de su cédula (opcional)",
        "Copias (opcional)",
        "Correo (opcional)",
        "Motivo (opcional)",
    ]


def test_a_choice_that_begins_made_is_not_called_optional() -> None:
    values = [{"value": "digital", "label": "En línea"}, {"value": "impreso", "label": "Impreso"}]
    built = page(
        schema(field("radio", "canal", values=values, defaultValue="digital"), field("radio", "b", values=values))
    )
    marked = ["(opcional)" in legend.text_content() for legend in select(built, "legend")]
    assert marked == [False, True]


def test_files_show_what_is_there_how_to_remove_it_and_why_another_was_refused() -> None:
    context = {"uploads": {"u1": {"name": "cedula.pdf", "size": 1_258_291}}}
    built = page(
        REQUEST, {"cedula": ["u1", "desconocido"]}, context, refused={"cedula": [("foto.tiff", "supera los 10 MB")]}
    )
    files = select(built, ".files > li")
    assert [item.get("class") for item in files] == [None, "failed"]
    assert "1,2 MB · subido" in files[0].text_content()
    assert select(files[0], "[type=hidden]")[0].get("value") == "u1"
    assert select(files[0], "[type=checkbox]")[0].get("name") == "cedula.quitar"
    assert "no se subió: supera los 10 MB" in files[1].text_content()
    assert select(built, "input[type=file]")[0].get("accept") == ".pdf,.jpg"
    assert built.get("enctype") == "multipart/form-data"


def test_the_grid_names_each_control_by_its_row_and_gives_the_letters() -> None:
    built = page(GRADES, {"alumnos": [{"nota": 7.5}, {"ausente": True}]}, STUDENTS)
    first, second = select(built, "tbody tr")
    assert select(first, "th[scope=row]")[0].text_content() == "Aguilar Ñauta, Bryan"
    assert select(first, "[name='alumnos.0.nota']")[0].get("aria-label") == "Calificación, Aguilar Ñauta, Bryan"
    assert select(first, "[name='alumnos.0.nota']")[0].get("value") == "7,5"
    assert (select(first, "output")[0].text, select(second, "output")[0].text) == ("siete con cinco", "ausente")
    assert "dropped" in select(first, "td.grade")[0].get("class")
    assert select(first, "td.grade")[0].get("data-l") == "Calificación"
    assert names_of(select(built, "table")[0]) == {f"alumnos.{n}.{k}" for n in (0, 1) for k in ("_", "nota", "ausente")}
    assert not select(built, "[name=_fila]")


def test_a_wrong_row_is_marked_and_its_error_is_by_its_control() -> None:
    built = refused(GRADES, {"alumnos": [{"nota": "11"}, {"nota": 7}]}, STUDENTS)
    assert [row.get("class") for row in select(built, "tbody tr")] == ["wrong", None]
    assert select(built, ".error-summary a")[0].get("href") == "#f-alumnos-0-nota"
    control = select(built, "#f-alumnos-0-nota")[0]
    assert control.get("value") == "11"
    assert "va de 0 a 10" in built.get_element_by_id(control.get("aria-describedby")).text_content()


def test_rows_that_grow_have_buttons_that_work_without_script() -> None:
    form = schema(
        field("dynamiclist", "filas", components=[field("textfield", "curso")], properties={"fila": "un curso"})
    )
    built = page(form, {"filas": [{"curso": "A"}, {"curso": "B"}]})
    assert [b.get("value") for b in select(built, "[name=_fila]")] == ["filas-0", "filas-1", "filas+"]
    assert "Añadir un curso" in built.text_content()


def test_a_table_and_a_text_show_the_data_of_the_case() -> None:
    form = schema(
        {
            "type": "text",
            "id": "t",
            "text": "# Trámite {{ tramite.numero }}\n- uno\n- **dos**\n\n1. [guía](https://une.example/g)",
        },
        {
            "type": "table",
            "id": "m",
            "label": "Materias",
            "dataSource": "=registro.materias",
            "columns": [{"key": "nombre", "label": "Materia"}, {"key": "nota", "label": "Nota"}],
        },
        {"type": "heading", "id": "h", "text": "Revisión"},
        {"type": "separator", "id": "s"},
        field("textfield", "nombre", "Nombre", readonly=True),
    )
    context = {
        "tramite": {"numero": "SG-2026-000001"},
        "registro": {"materias": [{"nombre": "Álgebra", "nota": 7.5}, "basura"]},
        "nombre": "Ana",
    }
    built = page(form, {}, context)
    assert [h.text_content() for h in select(built, "h2")] == ["Trámite SG-2026-000001", "Revisión"]
    assert [li.text_content() for li in select(built, "ul.bullets li")] == ["uno", "dos"]
    assert select(built, "ol.bullets a")[0].get("href") == "https://une.example/g"
    assert [c.text_content() for c in select(built, "tbody td, tbody th")] == ["Álgebra", "7,5"]
    assert select(built, "dl dd")[0].text_content() == "Ana"
    assert "nombre" not in names_of(built)


def test_hostile_text_is_text_wherever_it_appears() -> None:
    form = schema(
        {"type": "text", "id": "t", "text": HOSTILE.replace("{{ 7*7 }}", "{{ malo }}")},
        field("textfield", "a", HOSTILE, description=HOSTILE),
        field("select", "b", HOSTILE, values=[{"value": HOSTILE, "label": HOSTILE}]),
        field(
            "radio",
            "c",
            HOSTILE,
            values=[{"value": HOSTILE, "label": HOSTILE, "description": HOSTILE, "note": HOSTILE}],
        ),
        field("textarea", "d", HOSTILE),
        field("filepicker", "e", HOSTILE, accept=HOSTILE, multiple=True),
        field("textfield", "f", HOSTILE, properties={"autocompletar": HOSTILE}),
        {"type": "table", "id": "m", "dataSource": "=filas", "columns": [{"key": "x", "label": HOSTILE}]},
        field(
            "dynamiclist",
            "alumnos",
            HOSTILE,
            allowAddRemove=False,
            components=[field("textfield", "nombre", HOSTILE, readonly=True)],
        ),
    )
    values = {"a": HOSTILE, "b": HOSTILE, "c": HOSTILE, "d": f"</textarea>{HOSTILE}", "e": ["u"]}
    context = {
        "malo": HOSTILE,
        "filas": [{"x": HOSTILE}],
        "alumnos": [{"nombre": HOSTILE}],
        "uploads": {"u": {"name": HOSTILE, "size": 1}},
    }
    more = {
        "errors": {"a": HOSTILE, HOSTILE: HOSTILE},
        "refused": {"e": [(HOSTILE, HOSTILE)]},
        "hidden": {"request_id": HOSTILE},
    }
    built = page(form, values, context, **more)
    assert not select(built, "script, img")
    assert not [e for e in built.iter() for name in e.attrib if name.startswith("on") or name == "style"]
    assert "49" not in built.text_content()


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "http://x.example", "//x.example", "data:text/html,x", 'https://x"onclick=', "HTTPS://x y"],
)
def test_a_link_that_is_not_https_is_only_its_words(href: str) -> None:
    blocks = read_blocks(f"Vea [la guía]({href}) ya", {})
    assert not any(inline.href for block in blocks for line in block.lines for inline in line)


def test_a_value_of_the_case_cannot_write_marks() -> None:
    (block,) = read_blocks("Hola {{ nombre }}", {"nombre": "**x** [y](https://z.example)"})
    assert [(i.text, i.bold, i.href) for i in block.lines[0]] == [("Hola **x** [y](https://z.example)", False, "")]


def test_the_fields_alone_go_inside_a_page_of_its_own() -> None:
    built = html.fragment_fromstring(str(render_fields(Form(REQUEST), {})), create_parent=True)
    assert not select(built, "form")
    assert select(built, "[name=motivo]")


@pytest.mark.parametrize(("asked", "seen"), [(True, True), (False, False)])
def test_a_question_that_waits_for_one_answer_more_lies_under_it(asked: bool, seen: bool) -> None:
    """What the case knows already is settled; only the answer that is left decides, without the server."""
    hidden = '=admision != "admitir" or not(pide_registro) or not(list contains(productos, "certificado"))'
    form = schema(
        field("radio", "admision", values=options("admitir", "rechazar")),
        field("radio", "fuente", values=options("sistema", "libros"), conditional={"hide": hidden}),
    )
    context = {"pide_registro": asked, "productos": ["certificado", "matriz"]}
    built = page(form, {}, context)
    assert ("fuente" in names_of(built)) is seen
    assert not select(built, "button[value=actualizar]")
