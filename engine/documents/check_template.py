"""What is wrong with a template before anybody needs it. Called when a process is published, for each of its documents.

Which data a template will get cannot be known; its syntax, what it includes, what it tries to open and what the sandbox
would refuse can. Each finding is a sentence in Spanish that names the template and says the mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from jinja2 import Environment, TemplateSyntaxError, nodes

from engine.documents.templates import REFUSED_FILTERS, bundle_name, environment

_FORBIDDEN_TAGS = {"script", "iframe", "object", "embed", "base", "form", "input", "button", "audio", "video", "frame"}
_SOURCES = ("src", "href", "xlink:href", "data", "poster", "background", "srcset")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_URL = re.compile(r"url\(\s*['\"]?([^'\")]*)", re.IGNORECASE)
_FILLED = "\x00"  # where an expression stood


def check_template(files: Mapping[str, bytes], name: str) -> list[str]:
    """Findings for one template and all that it includes; an empty list is good."""
    env = environment(files)
    findings: list[str] = []
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        source = _source(files, current)
        if source is None:
            findings.append(f"Falta la plantilla «{current}»: créela entre los formularios o corrija el nombre.")
            continue
        included, found = _check_jinja(env, current, source)
        waiting += included
        findings += found
        findings += _check_markup(files, current, source)
    return list(dict.fromkeys(findings))


def _source(files: Mapping[str, bytes], name: str) -> str | None:
    data = files.get(bundle_name(name))
    if data is None:
        return None
    return data.decode("utf-8", "replace")


def _check_jinja(env: Environment, name: str, source: str) -> tuple[list[str], list[str]]:
    """The templates that it includes, and what is wrong."""
    try:
        tree = env.parse(source)
        env.compile(tree, name)
    except TemplateSyntaxError as error:
        return [], [f"«{name}», línea {error.lineno}: {_plain(error.message or '')}."]
    included, findings = [], []
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        target = getattr(node, "template", None)
        if isinstance(target, nodes.Const) and isinstance(target.value, str):
            included.append(target.value)
        else:
            findings.append(f"«{name}», línea {node.lineno}: escriba entre comillas la plantilla que incluye.")
    for node in tree.find_all((nodes.EvalContextModifier, nodes.ScopedEvalContextModifier)):
        findings.append(f"«{name}», línea {node.lineno}: quite «autoescape»; todo dato se escribe protegido.")
    for attribute in tree.find_all(nodes.Getattr):
        if attribute.attr.startswith("_"):
            findings.append(f"«{name}», línea {attribute.lineno}: no se puede usar «{attribute.attr}».")
    return included, findings


def _plain(message: str) -> str:
    unknown = re.match(r"No (filter|test) named '(\w+)'", message)
    if unknown is None:
        return f"no se entiende ({message})"
    if unknown[2] in REFUSED_FILTERS:
        return f"el filtro «{unknown[2]}» no está permitido"
    return f"no existe el filtro «{unknown[2]}»"


def _check_markup(files: Mapping[str, bytes], name: str, source: str) -> Iterator[str]:
    reader = _Reader()
    reader.feed(_EXPRESSION.sub(_FILLED, _STATEMENT.sub("", _COMMENT.sub("", source))))
    reader.close()
    for tag in sorted(reader.forbidden):
        yield f"«{name}»: quite <{tag}>; un documento no lo usa."
    for target in reader.sources:
        yield from _check_target(files, name, target)
    for sheet in reader.sheets:
        yield from _check_target(files, name, sheet)
        data = files.get(bundle_name(sheet))
        if data is not None:
            yield from _check_style(files, sheet, data.decode("utf-8", "replace"))
    for style in reader.styles:
        yield from _check_style(files, name, style)


def _check_style(files: Mapping[str, bytes], name: str, style: str) -> Iterator[str]:
    if "@import" in style:
        yield f'«{name}»: quite @import; use <link rel="stylesheet"> con una hoja del proceso.'
    if "@font-face" in style:
        yield f"«{name}»: quite @font-face; las letras son las institucionales."
    for target in _URL.findall(style):
        yield from _check_target(files, name, target)


def _check_target(files: Mapping[str, bytes], name: str, target: str) -> Iterator[str]:
    target = target.strip()
    if not target or target.startswith("#"):
        return
    if _FILLED in target:
        yield f"«{name}»: el nombre de una imagen o de una hoja no puede venir de los datos; para el código use qr()."
    elif bundle_name(target) not in files:
        yield f"«{name}»: «{target[:120]}» no está en el proceso; un documento solo usa archivos del proceso."


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
