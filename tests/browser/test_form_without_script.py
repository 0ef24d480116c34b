"""A form in a real browser without script: what depends on an answer appears with it, by CSS alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Page

from engine.config import ROOT
from engine.errors import InvalidAnswers
from engine.forms import Form
from tests.support.served import check_page, served
from tests.unit.forms.bare_page import bare_application
from tests.unit.forms.samples import GRADES, STUDENTS
from web.forms import render_form
from web.manifest import Manifest

REQUEST = json.loads((ROOT / "forms" / "solicitar_certificacion" / "solicitud.json").read_text(encoding="utf-8"))
STATIC = ROOT / "web" / "static" / "build"
FRAME = """<!doctype html><html lang="es"><head><title>Prueba</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{css}"></head><body class="public"><main id="contenido"><h1>Prueba</h1>{form}</main></body></html>"""


def application() -> Flask:
    app, manifest = bare_application(), Manifest()
    app.jinja_env.globals["asset"] = lambda name: f"/build/{manifest.built_name(name)}"

    def page(form: dict[str, Any], answers: dict[str, Any] | None, context: dict[str, Any]) -> str:
        built, errors = Form(form), {}
        try:
            if answers is not None:
                built.clean(answers, context)
        except InvalidAnswers as refused:
            errors = refused.errors
        values = built.defaults(context) | (answers or {})
        shown = render_form(built, values, errors, action="/", context=context)
        return FRAME.format(css=app.jinja_env.globals["asset"]("main.css"), form=shown)  # type: ignore[operator]

    app.add_url_rule("/solicitud", "request", lambda: page(REQUEST, None, {}))
    app.add_url_rule("/notas", "grades", lambda: page(GRADES, {"alumnos": [{"nota": 11}, {"ausente": True}]}, STUDENTS))
    app.add_url_rule("/build/<name>", "build", _built)
    return app


def _built(name: str) -> Response:
    kind = {".css": "text/css", ".svg": "image/svg+xml"}.get(Path(name).suffix, "application/octet-stream")
    return Response((STATIC / Path(name).name).read_bytes(), mimetype=kind)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served(application()) as address:
        yield address


@pytest.fixture
def plain_page(browser: Browser, viewport: dict[str, int]) -> Iterator[Page]:
    with browser.new_context(viewport=viewport, java_script_enabled=False) as context:  # type: ignore[arg-type]
        yield context.new_page()


def seen(page: Page) -> set[str]:
    names = ("tipo", "tipo_otro", "documento_pedido", "gestion_pedida")
    return {name for name in names if page.locator(f"[name={name}]").first.is_visible()}


def test_questions_appear_and_go_with_the_answers_that_they_depend_on(plain_page: Page, site: str) -> None:
    plain_page.goto(f"{site}/solicitud")
    assert seen(plain_page) == set()
    plain_page.check("[name=productos][value=digitalizacion]")
    assert seen(plain_page) == {"documento_pedido"}
    plain_page.check("[name=productos][value=matriz_digital]")
    plain_page.check("[name=tipo][value=personalizado]")
    assert seen(plain_page) == {"documento_pedido", "tipo", "tipo_otro"}
    plain_page.uncheck("[name=productos][value=matriz_digital]")
    assert seen(plain_page) == {"documento_pedido"}


def test_the_grid_is_whole_on_a_desk_and_on_a_phone_and_accessible(page: Page, site: str) -> None:
    for address in ("/notas", "/solicitud"):
        page.goto(site + address)
        check_page(page)
    page.goto(f"{site}/notas")
    page.click(".error-summary a")
    assert page.evaluate("document.activeElement.name") == "alumnos.0.nota"
