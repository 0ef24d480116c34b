"""Templates of documents: Jinja in a sandbox, over the files of one bundle and nothing else.

A template is a name in the bundle's ``forms/`` or a ``_base/…`` name. It can read the data it is given; it cannot run
code, read a file, open a URL, switch escaping off or multiply itself without end. A field that the data lacks is an
error that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.filters import FILTERS as ALL_FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.documents.errors import TemplateFailed
from engine.documents.lines import balanced, decimal, fecha, fecha_hora
from engine.documents.qr import qr
from engine.words import business_days

MAX_RANGE = 1_000
MAX_HTML = 4 * 1024 * 1024  # characters
# Jinja's own filters that a template may use: none turns escaping off or makes much out of little.
_FILTERS = """
    abs capitalize count d default dictsort e escape first float groupby int items join last length list lower max min
    reject rejectattr reverse round select selectattr sort string striptags sum title trim truncate unique upper
    wordcount
"""
REFUSED_FILTERS = tuple(sorted(ALL_FILTERS.keys() - set(_FILTERS.split())))
_METHODS = {
    str: frozenset({"lower", "upper", "strip", "split", "startswith", "endswith", "title", "capitalize"}),
    dict: frozenset({"get", "items", "keys", "values"}),
}
_DATA = (str, bytes, int, float, list, tuple, dict)


class BundleLoader(BaseLoader):
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        data = self.files.get(bundle_name(template))
        if data is None:
            raise TemplateNotFound(template)
        return data.decode("utf-8"), None, None

    def list_templates(self) -> list[str]:
        return sorted(self.files)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, and limits to what an expression may blow up: of data, only a few methods can be called."""

    intercepted_binops = frozenset({"*", "**", "%", "+", "~"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, _DATA) and callable(value):
            return any(isinstance(obj, kind) and attr in names for kind, names in _METHODS.items())
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Any:
        """``"{:9999999}".format(x)`` is refused with the other methods, not wrapped as Jinja does."""
        return None

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            raise SecurityError("una plantilla no puede elevar a potencias")
        if operator in "*%" and not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise SecurityError(f"«{operator}» solo se usa con números")
        return super().call_binop(context, operator, left, right)


def environment(files: Mapping[str, bytes]) -> Environment:
    made = Sandbox(
        loader=BundleLoader(files), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    for name in REFUSED_FILTERS:
        made.filters.pop(name, None)
    made.globals = {"qr": qr, "range": _short_range, "namespace": made.globals["namespace"]}
    made.filters.update(equilibrado=balanced, fecha=fecha, fecha_hora=fecha_hora, decimal=decimal)
    made.filters["dias_habiles"] = business_days
    return made


def fill(env: Environment, name: str, data: Mapping[str, Any]) -> str:
    """The template with its data. Raises TemplateFailed, which names the template and what is missing or wrong."""
    try:
        pieces, length = [], 0
        for piece in env.get_template(name).generate(dict(data)):
            length += len(piece)
            if length > MAX_HTML:
                raise TemplateFailed(f"La plantilla «{name}» produce un texto demasiado largo.", template=name)
            pieces.append(piece)
        return "".join(pieces)
    except TemplateNotFound as error:
        raise TemplateFailed(f"Falta la plantilla «{error.name}» en el proceso.", template=name) from error
    except TemplateSyntaxError as error:
        raise TemplateFailed(
            f"La plantilla «{error.name or name}» no se entiende en la línea {error.lineno}: {error.message}",
            template=name,
            line=error.lineno,
        ) from error
    except UndefinedError as error:
        raise TemplateFailed(
            f"La plantilla «{name}» usa un dato que el trámite no tiene: {_missing(error)}.", template=name
        ) from error
    except (RecursionError, MemoryError) as error:
        raise TemplateFailed(
            f"La plantilla «{name}» no termina: algo se incluye o se llama a sí mismo.", template=name
        ) from error
    except SecurityError as error:
        raise TemplateFailed(f"La plantilla «{name}» intenta algo no permitido: {error}.", template=name) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise TemplateFailed(f"La plantilla «{name}» no se pudo completar: {error}.", template=name) from error


def bundle_name(template: str) -> str:
    return template if template.startswith("_base/") else f"forms/{template}"


def _missing(error: UndefinedError) -> str:
    text = str(error)
    quoted = text.split("'")
    if "has no attribute" in text and len(quoted) >= 4:
        return f"«{quoted[-2]}»"
    return f"«{quoted[1]}»" if len(quoted) >= 3 else text


def _short_range(*bounds: int) -> range:
    made = range(*bounds)
    if len(made) > MAX_RANGE:
        raise SecurityError(f"range() da como mucho {MAX_RANGE} vueltas")
    return made
