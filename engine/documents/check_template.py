"""What is wrong with a template before anybody needs it. Called when a process is published, for each of its templates.

Its syntax, what it includes, what it tries to open, what the sandbox would refuse and, when the data that it will get
is known, the fields that it will not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from html.parser import HTMLParser

from jinja2 import TemplateSyntaxError, nodes

from engine.documents.check_fields import Shape, unknown_fields
from engine.documents.fault import TemplateFault
from engine.documents.templates import REFUSED_FILTERS, bundle_name, environment

_FORBIDDEN_TAGS = {"script", "iframe", "object", "embed", "base", "form", "input", "button", "audio", "video", "frame"}
_SOURCES = ("src", "href", "xlink:href", "data", "poster", "background", "srcset")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_URL = re.compile(r"url\(\s*['\"]?([^'\")]*)", re.IGNORECASE)
_ENVIRONMENT = environment({})  # nothing is included while a template is looked at
_FILLED = "\x00"  # where an expression stood


def check_template(files: Mapping[str, bytes], name: str, data: Shape | None = None) -> list[TemplateFault]:
    """Faults of one template and all that it includes; an empty list is good. ``data``: what it will be given."""
    faults: list[TemplateFault] = []
    trees: dict[str, nodes.Template] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in trees:
            continue
        source = _source(files, current)
        if source is None:
            mend = "Créela entre los formularios o corrija el nombre."
            faults.append(TemplateFault(name, None, f"Falta la plantilla «{current}».", mend))
            continue
        tree, included, found = _check_jinja(current, source)
        trees[current] = tree
        waiting += included
        faults += found
        if bundle_name(current).endswith(".html"):
            faults += _check_markup(files, current, source)
    if data is not None and not faults:
        faults += unknown_fields(_ENVIRONMENT, trees, data)
    return list(dict.fromkeys(faults))


def _source(files: Mapping[str, bytes], name: str) -> str | None:
    data = files.get(bundle_name(name))
    if data is None:
        return None
    return data.decode("utf-8", "replace")


@lru_cache(maxsize=64)  # of a process: many tasks fill the same templates, and each of those the same letterhead
def _check_jinja(name: str, source: str) -> tuple[nodes.Template, list[str], list[TemplateFault]]:
    """Its tree, which nobody changes, the templates that it includes, and what is wrong."""
    try:
        tree = _ENVIRONMENT.parse(source)
        _ENVIRONMENT.compile(tree, name)
        tree = _ENVIRONMENT.parse(source)  # compiling may rewrite it
    except TemplateSyntaxError as error:
        problem, mend = _plain(error.message or "")
        return nodes.Template([]), [], [TemplateFault(name, error.lineno, problem, mend)]
    included, faults = [], []
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        target = getattr(node, "template", None)
        if isinstance(target, nodes.Const) and isinstance(target.value, str):
            included.append(target.value)
        else:
            problem = "Incluye una plantilla cuyo nombre se calcula."
            faults.append(TemplateFault(name, node.lineno, problem, "Escríbalo entre comillas."))
    for node in tree.find_all((nodes.EvalContextModifier, nodes.ScopedEvalContextModifier)):
        mend = "Quite «autoescape»; todo dato se escribe protegido."
        faults.append(TemplateFault(name, node.lineno, "Quita la protección de los datos.", mend))
    for attribute in tree.find_all(nodes.Getattr):
        if attribute.attr.startswith("_"):
            problem = f"No se puede usar «{attribute.attr}»."
            faults.append(TemplateFault(name, attribute.lineno, problem, "Quítelo."))
    return tree, included, faults


def _plain(message: str) -> tuple[str, str]:
    unknown = re.match(r"No (filter|test) named '(\w+)'", message)
    if unknown is None:
        return f"No se entiende ({message}).", "Revise las llaves y que cada «{% … %}» tenga su cierre."
    if unknown[2] in REFUSED_FILTERS:
        return f"El filtro «{unknown[2]}» no está permitido.", "Quítelo; docs/templates.md lista los que hay."
    near = get_close_matches(unknown[2], sorted(_ENVIRONMENT.filters), n=1)
    mend = f"¿Quiso decir «{near[0]}»?" if near else "Corrija el nombre; docs/templates.md lista los que hay."
    return f"No existe el filtro «{unknown[2]}».", mend


def _check_markup(files: Mapping[str, bytes], name: str, source: str) -> Iterator[TemplateFault]:
    reader = _Reader()
    reader.feed(_EXPRESSION.sub(_FILLED, _STATEMENT.sub("", _COMMENT.sub("", source))))
    reader.close()
    for tag in sorted(reader.forbidden):
        yield TemplateFault(name, _line_of(source, f"<{tag}"), f"Usa <{tag}>.", "Quítelo: un documento no lo usa.")
    for target in reader.sources:
        yield from _check_target(files, name, target)
    for sheet in reader.sheets:
        yield from _check_target(files, name, sheet)
        data = files.get(bundle_name(sheet))
        if data is not None:
            yield from _check_style(files, sheet, data.decode("utf-8", "replace"))
    for style in reader.styles:
        yield from _check_style(files, name, style)


def _check_style(files: Mapping[str, bytes], name: str, style: str) -> Iterator[TemplateFault]:
    if "@import" in style:
        mend = 'Use <link rel="stylesheet"> con una hoja del proceso.'
        yield TemplateFault(name, _line_of(style, "@import"), "Usa @import.", mend)
    if "@font-face" in style:
        yield TemplateFault(
            name, _line_of(style, "@font-face"), "Usa @font-face.", "Quítelo: las letras son las institucionales."
        )
    for target in _URL.findall(style):
        yield from _check_target(files, name, target)


def _check_target(files: Mapping[str, bytes], name: str, target: str) -> Iterator[TemplateFault]:
    target = target.strip()
    if not target or target.startswith("#"):
        return
    if _FILLED in target:
        problem = "El nombre de una imagen o de una hoja viene de los datos."
        yield TemplateFault(name, None, problem, "Escríbalo entero; para el código use qr().")
    elif bundle_name(target) not in files:
        problem = f"«{target[:120]}» no está en el proceso."
        yield TemplateFault(name, None, problem, "Un documento solo usa archivos del proceso: guárdelo junto a él.")


def _line_of(source: str, text: str) -> int | None:
    at = source.find(text)
    return source.count("\n", 0, at) + 1 if at >= 0 else None


class _Reader(HTMLParser):
    """Collects what a page opens."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forbidden: set[str] = set()
        self.sources: list[str] = []
        self.sheets: list[str] = []
        self.styles: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _FORBIDDEN_TAGS:
            self.forbidden.add(tag)
        self._in_style = tag == "style"
        given = {key: value or "" for key, value in attrs}
        if tag == "link":
            (self.sheets if given.get("rel") == "stylesheet" else self.sources).append(given.get("href", ""))
            return
        if "style" in given:
            self.styles.append(given["style"])
        if tag != "a":
            self.sources += [given[key] for key in _SOURCES if key in given]

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.styles.append(data)
