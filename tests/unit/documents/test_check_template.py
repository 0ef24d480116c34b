"""A template's faults are told when a process is published."""

from __future__ import annotations

import pytest

from engine.config import ROOT
from engine.documents import check_template, render_pdf
from tests.support.paper import base_files, data, files, forms_of


@pytest.mark.parametrize("name", ["_base/oficio.html", "_base/estampa.html", "_base/partes.html"])
def test_our_own_base_is_good(name: str) -> None:
    assert check_template(base_files(), name) == []


@pytest.mark.parametrize("name", ["certificacion.html", "constancia_matriz.html"])
def test_the_templates_of_the_certification_are_good(name: str) -> None:
    assert check_template(forms_of("solicitar_certificacion"), name) == []


@pytest.mark.parametrize(
    ("template", "finding"),
    [
        ("{% if x %}", "línea 1"),
        ('{% extends "_base/ofcio.html" %}', "Falta la plantilla «_base/ofcio.html»"),
        ("{% include nombre %}", "entre comillas"),
        ("{{ x|mayuscula }}", "No existe el filtro «mayuscula»"),
        ("{{ x|safe }}", "«safe» no está permitido"),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", "autoescape"),
        ("{{ x.__class__ }}", "__class__"),
        ('<img src="logo.png">', "logo.png"),
        ('<img src="https://example.com/a.png">', "example.com"),
        ('<img src="{{ foto }}">', "qr()"),
        ('<link rel="stylesheet" href="otra.css">', "otra.css"),
        ("<style>p { background: url('//example.com/a') }</style>", "example.com"),
        ("<style>@import 'a.css';</style>", "@import"),
        ("<style>@font-face { font-family: x }</style>", "@font-face"),
        ('<p style="background: url(a.png)">x</p>', "a.png"),
        ("<script>alert(1)</script>", "<script>"),
        ('<iframe src="x"></iframe>', "<iframe>"),
    ],
)
def test_a_fault_is_named_with_its_template(template: str, finding: str) -> None:
    findings = [str(one) for one in check_template(files(template), "certificacion.html")]
    assert findings
    assert any(finding in one for one in findings), findings


def test_the_fault_of_an_included_template_is_found_and_loops_end() -> None:
    bundle = files('{% include "b.html" %}', b__html='{% include "certificacion.html" %}{{ x|nada }}')
    [fault] = check_template(bundle, "certificacion.html")
    assert str(fault).startswith("«b.html», línea 1: No existe el filtro «nada».")


def test_the_example_of_the_owners_guide_is_good_and_becomes_one_page() -> None:
    guide = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    example = guide.split("```html\n", 1)[1].split("```", 1)[0]
    assert check_template(files(example), "certificacion.html") == []
    given = data(
        tramite={"solicitante": {"nombre": "María Ñáñez", "identidad": "0912345675"}}, registro={"carrera": "Derecho"}
    )
    assert render_pdf(files(example), "certificacion.html", given).pages == 1


def test_a_link_that_people_may_follow_is_no_fault() -> None:
    assert check_template(files('<a href="https://une.example">sitio</a>'), "certificacion.html") == []
