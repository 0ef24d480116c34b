"""Parts of an address that can only be what they should be: anything else is no page of ours."""

from __future__ import annotations

from apiflask import APIFlask
from werkzeug.routing import BaseConverter

NUMBER = r"[A-Z]{1,8}-[0-9]{4}-[0-9]{1,9}"
NAME = r"[a-z][a-z0-9_]{1,79}"
BASE = r"[0-9]{4}-L[0-9]{4,9}-F[0-9]{4,9}"
CODE = r"[0-9A-Za-z-]{12,20}"


class NumberConverter(BaseConverter):
    regex = NUMBER


class NameConverter(BaseConverter):
    regex = NAME


class BaseNameConverter(BaseConverter):
    regex = BASE


class CodeConverter(BaseConverter):
    regex = CODE


def init_app(app: APIFlask) -> None:
    app.url_map.converters.update(
        number=NumberConverter, name=NameConverter, code=CodeConverter, base=BaseNameConverter
    )
