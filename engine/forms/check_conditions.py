"""The conditions of a form: each in the FEEL subset, none going round in a circle. Called by ``check``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from engine.forms.feel import FeelError, compile_feel

__all__ = ["check_conditions"]

_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PATH = re.compile(r"\s*[^\W\d]\w*(?:\.[^\W\d]\w*)*\s*")
Raw = Mapping[str, Any]


def check_conditions(components: list[Any]) -> list[str]:
    found: list[str] = []
    depends: dict[str, set[str]] = {}
    for component, above in _each(components, frozenset()):
        names, problems = _read(component)
        found += [f"{component['type']} «{_key(component) or component.get('id')}»: {problem}." for problem in problems]
        found += _holes(component)
        if key := _key(component):
            depends.setdefault(key, set()).update(names | above)
    return found or _circles(depends)


def _key(component: Raw) -> str:
    return str((component.get("path") if component["type"] == "dynamiclist" else component.get("key")) or "")


def _each(components: list[Any], above: frozenset[str]) -> Iterator[tuple[Raw, frozenset[str]]]:
    """With the names on which the groups around it depend."""
    for component in components:
        yield component, above
        inner = above | _read(component)[0] if component["type"] in ("group", "dynamiclist") else above
        yield from _each(component.get("components") or [], inner)


def _read(component: Raw) -> tuple[frozenset[str], list[str]]:
    conditional = component.get("conditional") or {}
    extra = sorted(set(conditional) - {"hide"})
    problems = [f"la condición «{key}» no se admite; solo «hide» (ocultar si)" for key in extra]
    hide = conditional.get("hide")
    if hide in (None, ""):
        return frozenset(), problems
    if not isinstance(hide, str):
        return frozenset(), [*problems, 'la condición debe ser un texto como =destino != "exterior"']
    try:
        return compile_feel(hide).names, problems
    except FeelError as error:
        mend = "Escríbala con =, !=, <, >, and, or, not(), in o between"
        return frozenset(), [*problems, f"la condición «{hide.strip()[:80]}» no se admite: {error}. {mend}"]


def _holes(component: Raw) -> list[str]:
    text = component.get("text") if component["type"] in ("text", "heading") else None
    if not isinstance(text, str):
        return []
    bad = [hole for hole in _HOLE.findall(text) if not _PATH.fullmatch(hole)]
    place = f"{component['type']} «{component.get('id') or text[:20]}»"
    found = [f"{place}: «{{{{{h[:40]}}}}}» no se admite; entre llaves va solo el camino de un dato." for h in bad]
    if text.startswith("="):
        found.append(f"{place}: el texto no puede ser una expresión; escríbalo, con {{{{ dato }}}} donde haga falta.")
    return found


def _circles(depends: Mapping[str, set[str]]) -> list[str]:
    try:
        tuple(TopologicalSorter(depends).static_order())
    except CycleError as error:
        ring = " → ".join(f"«{key}»" for key in reversed(error.args[1]))
        return [f"Las condiciones dan vueltas: {ring}. Un campo no puede depender de sí mismo; cambie una de ellas."]
    return []
