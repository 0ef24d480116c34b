"""The files that a diagram names are there, and read well: forms, templates of documents and of mails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import TemplateError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from engine.definitions.diagram import HUMAN
from engine.definitions.finding import Finding
from engine.definitions.spelling import did_you_mean
from engine.definitions.subject import Subject
from engine.errors import InvalidBundle
from engine.forms import check_form

_RESERVED = ("tramite", "hecho", "typename")
_KEY = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")


def user_tasks_have_a_form(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        name = node.properties.get("formJsonSchemaFilename")
        if node.kind == "userTask" and not name:
            mend = "Elija uno en sus propiedades, o hágala manual si solo hay que marcarla como hecha."
            yield Finding(diagram.file, node.label, "La tarea no tiene formulario.", mend)
        if name and node.kind in HUMAN | {"startEvent"} and not subject.bundle.has(f"forms/{name}"):
            mend = did_you_mean(name, _forms(subject)) or "Guárdelo en la carpeta de formularios del proceso."
            yield Finding(diagram.file, node.label, f"El formulario «{name}» no existe.", mend)


def forms_are_supported(subject: Subject) -> Iterator[Finding]:
    for name in _forms(subject):
        try:
            problems = check_form(subject.bundle.form(name))
        except InvalidBundle as error:
            yield from error.findings
            continue
        for problem in problems:
            yield Finding(f"forms/{name}", None, problem, "")


def answers_do_not_cover_what_is_the_systems(subject: Subject) -> Iterator[Finding]:
    for name in _forms(subject):
        try:
            keys = list(_keys(subject.bundle.form(name)))
        except InvalidBundle:
            continue
        for key in keys:
            if key in _RESERVED or not _KEY.fullmatch(key):
                problem = f"La clave «{key}» está reservada o no es un nombre sencillo."
                yield Finding(f"forms/{name}", key, problem, "Use otra: letras sin acento, números y «_».")


def documents_have_their_template(subject: Subject) -> Iterator[Finding]:
    for code, document in subject.manifest.documents.items():
        if not subject.bundle.has(f"forms/{document.template}"):
            mend = did_you_mean(document.template, form_files(subject)) or "Guárdela junto a los formularios."
            yield Finding("proceso.toml", f"documentos.{code}", f"La plantilla «{document.template}» no existe.", mend)


def templates_read_well(subject: Subject) -> Iterator[Finding]:
    """Their syntax, and that what they include is in the bundle, named by a plain text."""
    environment = SandboxedEnvironment()
    for file, data in subject.bundle.files.items():
        if not file.endswith((".html", ".txt")):
            continue
        try:
            tree = environment.parse(data.decode("utf-8"))
        except UnicodeDecodeError:
            yield Finding(file, None, "El texto no está en UTF-8.", "Guárdelo como UTF-8.")
            continue
        except TemplateError as error:
            line = getattr(error, "lineno", "?")
            yield Finding(file, f"línea {line}", f"La plantilla no se entiende: {error.message}.", "Revise las llaves.")
            continue
        yield from _included(subject, file, tree)


def _included(subject: Subject, file: str, tree: nodes.Template) -> Iterator[Finding]:
    for name in meta.find_referenced_templates(tree):
        if name is None:
            problem = "Incluye una plantilla cuyo nombre se calcula."
            yield Finding(file, None, problem, "Escriba el nombre entre comillas.")
        elif name not in subject.bundle.files and not subject.bundle.has(f"forms/{name}"):
            yield Finding(file, None, f"Incluye «{name}», que no existe.", "Corrija el nombre.")


def form_keys(subject: Subject) -> set[str]:
    """The keys of every form, rows of lists included."""
    found: set[str] = set()
    for name in _forms(subject):
        try:
            found |= set(_keys(subject.bundle.form(name)))
        except InvalidBundle:
            continue
    return found


def closed_questions(subject: Subject) -> dict[str, list[str]]:
    """Questions with a list of answers of their own, by key: the values that any form offers."""
    found: dict[str, list[str]] = {}
    for name in _forms(subject):
        try:
            components = list(_components(subject.bundle.form(name)))
        except InvalidBundle:
            continue
        for one in components:
            key, values = one.get("key"), one.get("values")
            if one.get("type") in ("radio", "select") and isinstance(key, str) and isinstance(values, list):
                offered = [v["value"] for v in values if isinstance(v, dict) and isinstance(v.get("value"), str)]
                found[key] = list(dict.fromkeys([*found.get(key, []), *offered]))
    return found


def _forms(subject: Subject) -> list[str]:
    return [name.removeprefix("forms/") for name in subject.bundle.files if re.fullmatch(r"forms/.+\.json", name)]


def form_files(subject: Subject) -> list[str]:
    return [name.removeprefix("forms/") for name in subject.bundle.files if name.startswith("forms/")]


def _keys(schema: object) -> Iterator[str]:
    for component in _components(schema):
        key = component.get("key") or component.get("path")
        if isinstance(key, str):
            yield key


def _components(schema: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every component, at any depth that a form may have."""
    if isinstance(schema, dict) and depth < 20:
        for component in schema.get("components") or []:
            if isinstance(component, dict):
                yield component
                yield from _components(component, depth + 1)
