"""A form as accessible HTML that works without script.

Called by the pages of requests and tasks. The tags are in ``templates/forms``; every text is escaped by Jinja. The page
posts multipart to ``action``; ``Form.parse`` reads it. Buttons named ``_accion`` ("guardar", "actualizar") and
``_fila`` ("list+", "list-3") ask for something other than sending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from engine.forms.form import Form
from web.forms.build import build_views
from web.forms.view import Page, html_id

__all__ = ["render_fields", "render_form"]

Refused = Mapping[str, Sequence[tuple[str, str]]]


def render_fields(
    form: Form,
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    *,
    context: Mapping[str, Any] | None = None,
    refused: Refused | None = None,
) -> Markup:
    """Error summary and fields, to go inside a page's own ``<form>``.

    ``values``: what was typed (from ``Form.parse``) or ``Form.defaults``; ``context``: the case's data and ``uploads``;
    ``refused``: files that were not taken, by field: (name, reason).
    """
    page = Page(form, values, errors or {}, context or {}, refused or {})
    return Markup(render_template("forms/fields.html", **_names(page)))  # noqa: S704 - Jinja escaped every value


def render_form(
    form: Form,
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    *,
    action: str,
    context: Mapping[str, Any] | None = None,
    refused: Refused | None = None,
    hidden: Mapping[str, str] | None = None,
    submit: str = "",
    save: bool = False,
    draft: str = "",
) -> Markup:
    """The whole ``<form>``. ``hidden``: more hidden fields (request_id…); ``submit``: the primary button, else the
    schema's own, else «Enviar»; ``save``: offer «Guardar y seguir otro día»; ``draft``: where drafts are posted."""
    page = Page(form, values, errors or {}, context or {}, refused or {})
    label = submit or next((c.label for c in form.components if c.kind == "button" and _submits(c.raw)), "")
    names = {**_names(page), "action": action, "hidden": hidden or {}, "submit": label, "save": save, "draft": draft}
    return Markup(render_template("forms/form.html", **names))  # noqa: S704 - Jinja escaped every value


def _submits(raw: Mapping[str, Any]) -> bool:
    return bool(raw.get("action", "submit") == "submit")


def _top(path: str) -> str:
    return path.partition(".")[0]


def _names(page: Page) -> dict[str, Any]:
    views = build_views(page)
    keys = {field.key for field in page.form.fields}
    summary = [(html_id(path) if _top(path) in keys else "contenido", text) for path, text in page.errors.items()]
    return {"views": views, "summary": summary, "waits": page.waits, "uploads": bool(page.form.upload_keys)}
