"""Texts in the page's language, typed: Flask-Babel carries no types. Import ``gettext as _`` from here."""

from __future__ import annotations

import flask_babel
from flask import current_app, has_app_context


def N_(text: str) -> str:
    """Marks a text for the catalogue; it is translated when shown."""
    return text


def gettext(message: str, **values: object) -> str:
    if _speaks_spanish_only():
        return message % values if values else message
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    if _speaks_spanish_only():
        return (singular if num == 1 else plural) % {"num": num, **values}
    return str(flask_babel.ngettext(singular, plural, num, **values))


def _speaks_spanish_only() -> bool:
    """The API, which has no catalogue."""
    return has_app_context() and "babel" not in current_app.extensions


def lazy_gettext(message: str) -> str:
    """For texts at import time; behaves as a ``str`` that is read when it is shown."""
    lazy: str = flask_babel.lazy_gettext(message)
    return lazy
