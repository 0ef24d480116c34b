"""The fields of data that a template uses and will not be given. Called by ``check_template``.

What is told is certain: a name that a template sets itself, one that it first asks for with «is defined» or fills with
«default», and whatever hangs from data of unknown form, pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TypeAlias

from jinja2 import Environment, nodes

from engine.documents.fault import TemplateFault

Shape: TypeAlias = "Mapping[str, Shape | None]"  # the fields that data has; none: of a form that is not known
_OF_JINJA = {"loop", "caller", "varargs", "kwargs", "self", "super", "true", "false", "none", "True", "False", "None"}
_METHODS = {"get", "items", "keys", "values"}


def unknown_fields(env: Environment, trees: Mapping[str, nodes.Template], data: Shape) -> list[TemplateFault]:
    """``trees``: the template and all that it includes, by name. One that is only imported sees no data."""
    alone = _imported(trees)
    together = {name: tree for name, tree in trees.items() if name not in alone}
    own = set().union(*(_set_by(tree) for tree in together.values()))
    aliases = _aliases(together.values())
    found: list[TemplateFault] = []
    for name, tree in trees.items():
        if name in alone:
            found += _Reading(name, tree, _set_by(tree) | set(env.globals), {}, {}).faults()
        else:
            found += _Reading(name, tree, own | set(env.globals), data, aliases).faults()
    return found


class _Reading:
    def __init__(
        self, name: str, tree: nodes.Template, own: set[str], data: Shape, aliases: Mapping[str, nodes.Expr]
    ) -> None:
        self.name, self.tree, self.own, self.data, self.aliases = name, tree, own, data, aliases
        self.forgiven = set(_forgiven(tree))
        self.called = {id(call.node) for call in tree.find_all(nodes.Call)}

    def faults(self) -> Iterator[TemplateFault]:
        for node in self.tree.find_all(nodes.Name):
            known = node.name in self.own or node.name in _OF_JINJA or node.name in self.data
            if node.ctx == "load" and not known and id(node) not in self.forgiven:
                mend = _near(node.name, self.data) or "Añádalo a «data» en la tarea que llena la plantilla, o quítelo."
                yield TemplateFault(self.name, node.lineno, f"Usa «{node.name}», que no se le da.", mend)
        for field in self.tree.find_all((nodes.Getattr, nodes.Getitem)):
            key = _key(field)
            shape = self._shape(field.node) if isinstance(field, nodes.Getattr | nodes.Getitem) else None
            if key is None or not shape or key in shape or id(field) in self.forgiven:
                continue
            if key in _METHODS and id(field) in self.called:
                continue
            mend = _near(key, shape) or f"Los que hay: {', '.join(sorted(shape))}."
            yield TemplateFault(self.name, field.lineno, f"Usa el campo «{key}», que el dato no tiene.", mend)

    def _shape(self, node: nodes.Node, depth: int = 0) -> Shape | None:
        if depth > 10:
            return None
        if isinstance(node, nodes.Name):
            if node.name in self.aliases:
                return self._shape(self.aliases[node.name], depth + 1)
            return None if node.name in self.own else self.data.get(node.name)
        if isinstance(node, nodes.Getattr | nodes.Getitem):
            key, shape = _key(node), self._shape(node.node, depth + 1)
            return shape.get(key) if shape and key is not None else None
        return None


def _key(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        return node.arg.value
    return None


def _imported(trees: Mapping[str, nodes.Template]) -> set[str]:
    """Those that are only imported, without the context."""
    seen: set[str] = set()
    alone: set[str] = set()
    for tree in trees.values():
        for node in tree.find_all((nodes.Import, nodes.FromImport, nodes.Include, nodes.Extends)):
            target = getattr(node, "template", None)
            if not isinstance(target, nodes.Const):
                continue
            imported = isinstance(node, nodes.Import | nodes.FromImport) and not node.with_context
            (alone if imported else seen).add(target.value)
    return alone - seen


def _set_by(tree: nodes.Template) -> set[str]:
    names = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    names |= {node.target for node in tree.find_all(nodes.Import)} | {node.name for node in tree.find_all(nodes.Macro)}
    for brought in tree.find_all(nodes.FromImport):
        names |= {one[1] if isinstance(one, tuple) else one for one in brought.names}
    return names


def _aliases(trees: Iterable[nodes.Template]) -> dict[str, nodes.Expr]:
    """``{% set de = tramite.solicitante %}``: names that are set once, to a field."""
    found: dict[str, list[nodes.Expr]] = {}
    stored: dict[str, int] = {}
    for tree in trees:
        for name in tree.find_all(nodes.Name):
            if name.ctx in ("store", "param"):
                stored[name.name] = stored.get(name.name, 0) + 1
        for node in tree.find_all(nodes.Assign):
            if isinstance(node.target, nodes.Name) and isinstance(node.node, nodes.Getattr):
                found.setdefault(node.target.name, []).append(node.node)
    return {name: values[0] for name, values in found.items() if len(values) == 1 and stored[name] == 1}


def _forgiven(tree: nodes.Template) -> Iterator[int]:
    for test in tree.find_all(nodes.Test):
        if test.name in ("defined", "undefined"):
            yield id(test.node)
    for each in tree.find_all(nodes.Filter):
        if each.name in ("default", "d") and each.node is not None:
            yield id(each.node)


def _near(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"¿Quiso decir «{near[0]}»?" if near else ""
