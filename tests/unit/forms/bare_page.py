"""A Flask application with nothing but the templates, to draw a form without the whole face."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cssselect2 import ElementWrapper
from flask import Flask
from flask_babel import Babel
from jinja2 import StrictUndefined

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"


def bare_application() -> Flask:
    app = Flask("page", template_folder=str(TEMPLATES))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=lambda name: f"/static/{name}", csrf_token=lambda: "token")
    Babel(app, locale_selector=lambda: "es")
    return app


def select(node: Any, selector: str) -> list[Any]:
    """The elements of an lxml tree that a CSS selector matches (cssselect2 comes with WeasyPrint)."""
    return [found.etree_element for found in ElementWrapper.from_html_root(node).query_all(selector)]
