"""Which fields data has where a diagram hands it on, as far as the bundle tells.

Read from the results of operations, scripts and what every case has. Used by the check of templates: what is not
certain is unknown, and nothing is said of it.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel

from engine.definitions.diagram import NS
from engine.definitions.subject import Subject

Shape: TypeAlias = "Mapping[str, Shape | None]"  # none: of a form that is not known

_WHO = ("nombre", "apellidos_nombres", "correo", "tipo_identidad", "identidad", "perfil")
CASE: Shape = {  # ``tramite``, as ``cases.start_case`` writes it; a test compares
    "numero": None,
    "abierto": None,
    "canal": None,
    "solicitante": dict.fromkeys(_WHO),
    "quien": None,
    "carta": None,
    "origen": None,
    "sobre": None,
}
_DEEPEST = 6
_NOTHING: Shape = {}


def shape_of(subject: Subject, expression: str) -> Shape | None:
    """Of what an expression of the diagram gives; none when it is not known."""
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return _of(subject, tree, 0)


def _of(subject: Subject, node: ast.expr, depth: int) -> Shape | None:
    if depth > _DEEPEST:
        return None
    if isinstance(node, ast.Dict):
        if not all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in node.keys):
            return None
        keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
        return {str(key): _of(subject, value, depth + 1) or None for key, value in zip(keys, node.values, strict=True)}
    if isinstance(node, ast.Constant):
        return _NOTHING if node.value is None else None
    if isinstance(node, ast.Name):
        return _of_name(subject, node.id, depth)
    if isinstance(node, ast.Attribute):
        whole = _of(subject, node.value, depth + 1)
        return whole.get(node.attr) if whole else None
    if isinstance(node, ast.IfExp):
        return _together([_of(subject, node.body, depth + 1), _of(subject, node.orelse, depth + 1)])
    return None


def _of_name(subject: Subject, name: str, depth: int) -> Shape | None:
    if name == "tramite":
        return CASE
    found: list[Shape | None] = []
    for _diagram, node in subject.nodes():
        if node.operator is not None and node.operator.get("resultVariable") == name:
            operation = subject.operations.get(node.operation or "")
            found.append(_of_model(operation.Result) if operation is not None else None)
        scripts = (node.xml.findtext("b:script", None, NS), node.extension("preScript"), node.extension("postScript"))
        for script in filter(None, scripts):
            for line in script.splitlines():
                target, _, value = line.partition("=")
                if target.strip() == name:
                    found.append(_assigned(subject, value, depth))
    return _together(found)


def _assigned(subject: Subject, expression: str, depth: int) -> Shape | None:
    try:
        return _of(subject, ast.parse(expression.strip(), mode="eval").body, depth + 1)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _together(shapes: Iterable[Shape | None]) -> Shape | None:
    """Every field that any of them has; unknown as soon as one is."""
    whole: dict[str, Shape | None] = {}
    some = False
    for shape in shapes:
        if shape is None:
            return None
        some = True
        for key, inner in shape.items():
            whole[key] = inner if key not in whole else _together([whole[key], inner])
    return whole if some and whole else None


def _of_model(model: type[BaseModel]) -> Shape:
    return {name: _of_type(field.annotation) for name, field in model.model_fields.items()}


def _of_type(annotation: Any) -> Shape | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _of_model(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [one for one in get_args(annotation) if one is not type(None)]
        return _of_type(rest[0]) if len(rest) == 1 else None
    return None
