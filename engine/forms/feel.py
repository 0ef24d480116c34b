"""The subset of FEEL in which a form says when a field hides.

Called by ``components`` (conditions), ``check`` and the renderer. Supported: numbers, "texts", true, false, null, paths
(``a.b``, ``this.a``, ``parent.a``), lists, = != < <= > >=, ``in``, ``between``, and, or, ``not()``, + - * /,
``list contains(list, x)`` and ``count(list)``. Guarantee: an expression is short, its evaluation ends, touches nothing
but the data it is given and never raises: what cannot be told is null, and null hides nothing (DMN 1.3, 10.3).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Feel", "FeelError", "Simple", "compile_feel"]

MAX_LENGTH = 500
MAX_DEPTH = 20
_TOKEN = re.compile(
    r'\s*(?:(?P<number>\d+(?:\.(?!\.)\d+)?)|"(?P<text>[^"\\]*)"|(?P<sign>!=|<=|>=|\.\.|[-+*/=<>(),\[\]])'
    r"|(?P<name>list\s+contains\b|[^\W\d]\w*(?:\.[^\W\d]\w*)*))"
)
_WORDS = {"true": True, "false": False, "null": None}
_RESERVED = {"and", "or", "not", "in", "between", "if", "then", "else", "for", "some", "every", "return", "function"}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SUMS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
Scope = Mapping[str, Any]
Evaluate = Callable[[Scope], Any]


class FeelError(ValueError):
    """The expression is outside the subset; the text says where, in Spanish. ``check`` turns it into a finding."""


@dataclass(frozen=True, slots=True)
class Simple:
    """``name = literal`` or its contrary: what the face can show and hide with CSS alone."""

    name: str
    equal: bool
    value: Any


@dataclass(frozen=True, slots=True)
class Feel:
    """A compiled expression: call it with the data."""

    text: str
    evaluate: Evaluate
    names: frozenset[str]
    simple: Simple | None

    def __call__(self, scope: Scope) -> Any:
        return self.evaluate(scope)


def compile_feel(text: str) -> Feel:
    """Raises FeelError. A leading ``=``, as form-js writes it, is optional."""
    body = text.strip().removeprefix("=")
    if len(body) > MAX_LENGTH:
        raise FeelError(f"la condición pasa de {MAX_LENGTH} caracteres; divídala")
    parser = _Parser(_tokens(body))
    evaluate = parser.whole()
    return Feel(body.strip(), evaluate, frozenset(parser.names), _simple(parser.tokens))


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


def _simple(tokens: list[tuple[str, str]]) -> Simple | None:
    if len(tokens) != 4 or tokens[1] not in (("sign", "="), ("sign", "!=")):
        return None
    (kind, name), (_, sign), (value_kind, value) = tokens[:3]
    name = name.removeprefix("this.")
    if kind != "name" or name in _WORDS or "." in name or value_kind not in ("text", "number", "name"):
        return None
    if value_kind == "name" and value not in ("true", "false"):
        return None
    return Simple(name, sign == "=", _literal(value_kind, value))


def _literal(kind: str, text: str) -> Any:
    if kind == "text":
        return text
    if kind == "number":
        return float(text) if "." in text else int(text)
    return _WORDS[text]


class _Parser:
    """Recursive descent; each method returns a closure over the data."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0
        self.names: set[str] = set()

    def whole(self) -> Evaluate:
        evaluate = self.either()
        if self.tokens[self.at][0] != "end":
            raise FeelError(f"sobra lo que hay desde «{self.tokens[self.at][1]}»")
        return evaluate

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

    def either(self) -> Evaluate:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelError("hay demasiados paréntesis anidados")
        parts = [self.every()]
        while self.accept("or"):
            parts.append(self.every())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else _logic(parts, True)

    def every(self) -> Evaluate:
        parts = [self.compared()]
        while self.accept("and"):
            parts.append(self.compared())
        return parts[0] if len(parts) == 1 else _logic(parts, False)

    def compared(self) -> Evaluate:
        left = self.added()
        if sign := self.accept("=", "!="):
            right, same = self.added(), sign == "="
            return lambda scope: _equal(left(scope), right(scope)) is same
        if sign := self.accept("<", "<=", ">", ">="):
            return _ordered(sign, left, self.added())
        if self.accept("between"):
            low = self.added()
            self.expect("and")
            return _within(left, low, self.added())
        if self.accept("in"):
            return self.membership(left)
        return left

    def membership(self, left: Evaluate) -> Evaluate:
        opening = self.accept("[", "(")
        if opening is None:
            return _contains(self.atom(), left)
        first = self.added()
        if self.accept(".."):
            last = self.added()
            return _within(left, first, last, open_low=opening == "(", open_high=self.expect("]", ")") == ")")
        items = [first, *self.rest("]" if opening == "[" else ")")]
        return lambda scope: any(_among(left(scope), item(scope)) for item in items)

    def rest(self, closing: str) -> list[Evaluate]:
        items = []
        while self.accept(","):
            items.append(self.added())
        self.expect(closing)
        return items

    def added(self) -> Evaluate:
        left = self.multiplied()
        while sign := self.accept("+", "-"):
            left = _arithmetic(sign, left, self.multiplied())
        return left

    def multiplied(self) -> Evaluate:
        left = self.atom()
        while sign := self.accept("*", "/"):
            left = _arithmetic(sign, left, self.atom())
        return left

    def atom(self) -> Evaluate:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "sign" and text == "(":
            inner = self.either()
            self.expect(")")
            return inner
        if kind == "sign" and text == "[":
            return self.listed()
        if kind == "sign" and text == "-" and self.tokens[self.at][0] == "number":
            value = -_literal(*self.tokens[self.at])
            self.at += 1
            return lambda scope: value
        if kind in ("text", "number") or text in _WORDS:
            literal = _literal(kind, text)
            return lambda scope: literal
        if kind == "name":
            return self.named(text)
        raise FeelError(f"no se entiende «{text}»" if text else "la condición está incompleta")

    def listed(self) -> Evaluate:
        if self.accept("]"):
            return lambda scope: []
        items = [self.added(), *self.rest("]")]
        return lambda scope: [item(scope) for item in items]

    def named(self, text: str) -> Evaluate:
        if self.accept("("):
            return self.called(text)
        if text in _RESERVED or " " in text:
            raise FeelError(f"«{text}» no se puede usar así")
        steps = text.split(".")
        self.names.add(next((s for s in steps if s not in ("this", "parent")), steps[0]))
        return lambda scope: _walk(scope, steps)

    def called(self, text: str) -> Evaluate:
        arguments = [self.either(), *self.more()]
        expected = {"not": 1, "count": 1, "list contains": 2}.get(text)
        if expected is None:
            raise FeelError(f"la función «{text}» no está entre las admitidas (not, count, list contains)")
        if len(arguments) != expected:
            raise FeelError(f"«{text}» lleva {expected} valor{'es' if expected > 1 else ''}")
        first = arguments[0]
        if text == "not":
            return lambda scope: {True: False, False: True}.get(value) if _is_bool(value := first(scope)) else None
        if text == "count":
            return lambda scope: len(value) if isinstance(value := first(scope), list) else None
        return _contains(first, arguments[1])

    def more(self) -> list[Evaluate]:
        items = []
        while self.accept(","):
            items.append(self.either())
        self.expect(")")
        return items


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(a: Any, b: Any) -> bool:
    return bool(a == b) and _is_bool(a) == _is_bool(b)


def _among(value: Any, item: Any) -> bool:
    return any(_equal(value, x) for x in item) if isinstance(item, list) else _equal(value, item)


def _contains(items: Evaluate, value: Evaluate) -> Evaluate:
    def contains(scope: Scope) -> Any:
        found = items(scope)
        return any(_equal(x, value(scope)) for x in found) if isinstance(found, list) else None

    return contains


def _comparable(a: Any, b: Any) -> bool:
    return (_is_number(a) and _is_number(b)) or (isinstance(a, str) and isinstance(b, str))


def _ordered(sign: str, left: Evaluate, right: Evaluate) -> Evaluate:
    def ordered(scope: Scope) -> Any:
        a, b = left(scope), right(scope)
        return _ORDER[sign](a, b) if _comparable(a, b) else None

    return ordered


def _within(
    value: Evaluate, low: Evaluate, high: Evaluate, open_low: bool = False, open_high: bool = False
) -> Evaluate:
    above = _ordered("<" if open_low else "<=", low, value)
    below = _ordered("<" if open_high else "<=", value, high)
    return _logic([above, below], False)


def _arithmetic(sign: str, left: Evaluate, right: Evaluate) -> Evaluate:
    def calculated(scope: Scope) -> Any:
        a, b = left(scope), right(scope)
        if sign == "+" and isinstance(a, str) and isinstance(b, str):
            return a + b
        if not (_is_number(a) and _is_number(b)):
            return None
        try:
            return _SUMS[sign](a, b)
        except ArithmeticError:
            return None

    return calculated


def _logic(parts: list[Evaluate], decisive: bool) -> Evaluate:
    """``or`` is decided by true, ``and`` by false; anything that is not a boolean is null (three-valued logic)."""

    def decided(scope: Scope) -> Any:
        values = [part(scope) for part in parts]
        if any(value is decisive for value in values):
            return decisive
        return (not decisive) if all(value is (not decisive) for value in values) else None

    return decided


def _walk(scope: Any, steps: list[str]) -> Any:
    for step in steps:
        scope = scope.get(step) if isinstance(scope, Mapping) else None
    return scope
