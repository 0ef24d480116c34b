"""The subset of FEEL in which a form says when a field hides.

Called by ``components`` (conditions), ``check_conditions`` and the renderer. Supported: numbers, "texts", true, false,
null, paths (``a.b``, ``this.a``, ``parent.a``), lists, = != < <= > >=, ``in``, ``between``, and, or, ``not()``,
+ - * /, ``list contains(list, x)`` and ``count(list)``. Guarantee: an expression is short, its evaluation ends, touches
nothing but the data it is given and never raises: what cannot be told is null, and null hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms import feel_nodes as nodes
from engine.forms.feel_nodes import Node
from engine.forms.feel_terms import Term, seen_when

__all__ = ["Feel", "FeelError", "compile_feel"]

MAX_LENGTH = 500
MAX_DEPTH = 20
_TOKEN = re.compile(
    r'\s*(?:(?P<number>\d+(?:\.(?!\.)\d+)?)|"(?P<text>[^"\\]*)"|(?P<sign>!=|<=|>=|\.\.|[-+*/=<>(),\[\]])'
    r"|(?P<name>list\s+contains\b|[^\W\d]\w*(?:\.[^\W\d]\w*)*))"
)
_WORDS = {"true": True, "false": False, "null": None}
_RESERVED = {"and", "or", "not", "in", "between", "if", "then", "else", "for", "some", "every", "return", "function"}
_ARGUMENTS = {"not": 1, "count": 1, "list contains": 2}


class FeelError(ValueError):
    """The expression is outside the subset; the text says where, in Spanish. ``check`` turns it into a finding."""


@dataclass(frozen=True, slots=True)
class Feel:
    """A compiled expression: call it with the data. ``names``: what it depends on; ``seen``: see ``feel_terms``."""

    text: str
    node: Node
    names: frozenset[str]
    seen: tuple[Term, ...] | None

    def __call__(self, scope: Mapping[str, Any]) -> Any:
        return self.node(scope)


def compile_feel(text: str) -> Feel:
    """Raises FeelError. A leading ``=``, as form-js writes it, is optional."""
    body = text.strip().removeprefix("=")
    if len(body) > MAX_LENGTH:
        raise FeelError(f"la condición pasa de {MAX_LENGTH} caracteres; divídala")
    parser = _Parser(_tokens(body))
    node = parser.whole()
    return Feel(body.strip(), node, frozenset(parser.names), seen_when(node))


def _tokens(body: str) -> list[tuple[str, str]]:
    tokens, at, body = [], 0, body.rstrip()
    while at < len(body):
        match = _TOKEN.match(body, at)
        if not match:
            raise FeelError(f"no se entiende desde «{body[at : at + 15].strip()}»")
        kind = str(match.lastgroup)
        tokens.append((kind, re.sub(r"\s+", " ", match[kind]) if kind == "name" else match[kind]))
        at = match.end()
    return [*tokens, ("end", "")]


def _literal(kind: str, text: str) -> Any:
    if kind == "text":
        return text
    if kind == "number":
        return float(text) if "." in text else int(text)
    return _WORDS[text]


class _Parser:
    """Recursive descent, one method for each level of precedence."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0
        self.names: set[str] = set()

    def whole(self) -> Node:
        node = self.either()
        if self.tokens[self.at][0] != "end":
            raise FeelError(f"sobra lo que hay desde «{self.tokens[self.at][1]}»")
        return node

    def accept(self, *texts: str) -> str | None:
        kind, text = self.tokens[self.at]
        if kind not in ("sign", "name") or text not in texts:
            return None
        self.at += 1
        return text

    def expect(self, *texts: str) -> str:
        found = self.accept(*texts)
        if found is None:
            raise FeelError(f"falta «{texts[0]}» después de «{self.tokens[self.at - 1][1]}»")
        return found

    def either(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelError("hay demasiados paréntesis anidados")
        parts = [self.both()]
        while self.accept("or"):
            parts.append(self.both())
        self.depth -= 1
        return nodes.either(parts)

    def both(self) -> Node:
        parts = [self.compared()]
        while self.accept("and"):
            parts.append(self.compared())
        return nodes.both(parts)

    def compared(self) -> Node:
        left = self.added()
        if sign := self.accept("=", "!="):
            return nodes.equal(left, self.added(), sign == "=")
        if sign := self.accept("<", "<=", ">", ">="):
            return nodes.compared(sign, left, self.added())
        if self.accept("between"):
            low = self.added()
            self.expect("and")
            return nodes.within(left, low, self.added())
        return self.membership(left) if self.accept("in") else left

    def membership(self, left: Node) -> Node:
        opening = self.accept("[", "(")
        if opening is None:
            return nodes.contained(self.atom(), left)
        first = self.added()
        if self.accept(".."):
            last = self.added()
            open_high = self.expect("]", ")") == ")"
            return nodes.within(left, first, last, open_low=opening == "(", open_high=open_high)
        return nodes.one_of(left, [first, *self.rest("]" if opening == "[" else ")")])

    def rest(self, closing: str) -> list[Node]:
        items = []
        while self.accept(","):
            items.append(self.either())
        self.expect(closing)
        return items

    def added(self) -> Node:
        left = self.multiplied()
        while sign := self.accept("+", "-"):
            left = nodes.calculated(sign, left, self.multiplied())
        return left

    def multiplied(self) -> Node:
        left = self.atom()
        while sign := self.accept("*", "/"):
            left = nodes.calculated(sign, left, self.atom())
        return left

    def atom(self) -> Node:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "sign" and text == "(":
            inner = self.either()
            self.expect(")")
            return inner
        if kind == "sign" and text == "[":
            return nodes.listed([] if self.accept("]") else [self.either(), *self.rest("]")])
        if kind == "sign" and text == "-" and self.tokens[self.at][0] == "number":
            self.at += 1
            return nodes.literal(-_literal(*self.tokens[self.at - 1]))
        if kind in ("text", "number") or text in _WORDS:
            return nodes.literal(_literal(kind, text))
        if kind == "name":
            return self.called(text) if self.accept("(") else self.named(text)
        raise FeelError(f"no se entiende «{text}»" if text else "la condición está incompleta")

    def named(self, text: str) -> Node:
        if text in _RESERVED or " " in text:
            raise FeelError(f"«{text}» no se puede usar así")
        steps = text.split(".")
        self.names.add(next((s for s in steps if s not in ("this", "parent")), steps[0]))
        return nodes.path(text)

    def called(self, text: str) -> Node:
        if text not in _ARGUMENTS:
            raise FeelError(f"la función «{text}» no está entre las admitidas (not, count, list contains)")
        arguments = [self.either(), *self.rest(")")]
        if len(arguments) != _ARGUMENTS[text]:
            raise FeelError(f"«{text}» lleva {_ARGUMENTS[text]} valor{'es' if _ARGUMENTS[text] > 1 else ''}")
        match text:
            case "not":
                return nodes.negated(arguments[0])
            case "count":
                return nodes.counted(arguments[0])
        return nodes.contained(arguments[0], arguments[1])
