"""Languages: Spanish is the text in the source, English its catalogue. A choice is kept (cookie, then account)."""

from __future__ import annotations

from flask import Flask, request
from flask_babel import Babel

from engine.config import Config
from web.current import person
from web.i18n.compile import CATALOGUES, compile_catalogues

LANGUAGES = {"es": "Español", "en": "English"}
COOKIE = "idioma"

babel = Babel()


def chosen_language() -> str:
    cookie = request.cookies.get(COOKIE)
    if cookie in LANGUAGES:
        return cookie
    who = person()
    if who is not None and who.language in LANGUAGES:
        return who.language
    return request.accept_languages.best_match(list(LANGUAGES), default="es") or "es"


def init_app(app: Flask, config: Config) -> None:
    compile_catalogues()
    app.config.update(
        BABEL_DEFAULT_LOCALE="es",
        BABEL_DEFAULT_TIMEZONE=config.timezone,
        BABEL_TRANSLATION_DIRECTORIES=str(CATALOGUES),
    )
    babel.init_app(app, locale_selector=chosen_language)
