"""The small language of diagrams and decision tables (rule 5): expressions, and lines of ``name = expression``.

simpleeval evaluates; what it may meet is decided here, before it runs: an allow-list of syntax, calls only of the
named functions, ``x.y`` only as a key of a dict, no comprehension over more than ``MAX_ITEMS``. Results are plain
JSON, or the command fails.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import simpleeval
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from engine.errors import EngineFault, UnsafeExpression
from engine.spiff.functions import FUNCTIONS, SCRIPT_ONLY
from engine.spiff.moment import current

MAX_TEXT = 4_000  # characters of one expression
MAX_LINES = 100  # of one script
MAX_ITEMS = 1_000
MAX_DEPTH = 30
MAX_VALUES = 50_000  # in one result, lists and dicts opened
MAX_NUMBER = 2**63

_ALLOWED: tuple[type[ast.AST], ...] = (
    ast.Expression,
    ast.Expr,
    ast.Constant,
    ast.Name,
    ast.Load,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.Call,
    ast.keyword,
    ast.Compare,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.UAdd,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.FloorDiv,
    ast.Mod,
    ast.IfExp,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.ListComp,
    ast.comprehension,
    ast.Store,
    ast.Eq,
    ast.NotEq,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.In,
    ast.NotIn,
    ast.Is,
    ast.IsNot,
)


def _multiply(left: Any, right: Any) -> Any:
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        raise EngineFault("«*» solo se usa entre números.")
    return left * right


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, str):
        raise EngineFault("«%» solo se usa entre números.")
    return left % right


_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: simpleeval.safe_add,
    ast.Sub: operator.sub,
    ast.Mult: _multiply,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _modulo,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.In: lambda x, y: x in y,
    ast.NotIn: lambda x, y: x not in y,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}


simpleeval.MAX_COMPREHENSION_LENGTH = MAX_ITEMS


class _Evaluator(simpleeval.EvalWithCompoundTypes):  # type: ignore[misc]  # it carries no types
    def _eval_attribute(self, node: ast.Attribute) -> Any:
        value = self._eval(node.value)
        if isinstance(value, dict) and node.attr in value:
            return value[node.attr]
        raise EngineFault(f"El dato no tiene «{node.attr}».")


@lru_cache(maxsize=4_096)
def _parsed(text: str, script: bool = False) -> ast.expr:
    """The checked tree of an expression. Raises ``UnsafeExpression`` with the reason."""
    if len(text) > MAX_TEXT:
        raise UnsafeExpression(f"La expresión pasa de {MAX_TEXT} caracteres.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnsafeExpression(f"La expresión «{text[:80]}» está mal escrita.") from error
    _check_node(tree, script, 0)
    return tree.body


def _check_node(node: ast.AST, script: bool, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise UnsafeExpression("La expresión está demasiado anidada.")
    if not isinstance(node, _ALLOWED):
        raise UnsafeExpression(f"«{type(node).__name__}» no se permite en las expresiones.")
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name.startswith("_"):
            raise UnsafeExpression(f"«{name}»: los nombres no empiezan con guion bajo.")
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | bool | None):
        raise UnsafeExpression(f"«{node.value!r}» no es un valor que se pueda escribir.")
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            shown = ast.unparse(node.func)[:60]
            raise UnsafeExpression(f"La función «{shown}» no existe. Existen: {', '.join(sorted(FUNCTIONS))}.")
        if node.func.id in SCRIPT_ONLY and not script:
            raise UnsafeExpression(f"«{node.func.id}» solo se usa en una tarea de script.")
    for child in ast.iter_child_nodes(node):
        _check_node(child, script, depth + 1)


def _lines(script: str) -> list[tuple[str, str]]:
    """(name, expression) of each line. Blank lines and those that begin with # say nothing."""
    lines = [line.strip() for line in script.splitlines()]
    if len(lines) > MAX_LINES:
        raise UnsafeExpression(f"El script pasa de {MAX_LINES} líneas.")
    pairs = []
    for line in lines:
        if not line or line.startswith("#"):
            continue
        name, equals, expression = line.partition("=")
        name = name.strip()
        if not equals or expression.startswith("=") or not name.isidentifier() or name.startswith("_"):
            raise UnsafeExpression(f"«{line[:80]}»: cada línea de un script es «nombre = expresión».")
        pairs.append((name, expression.strip()))
    return pairs


def check_expression(text: str) -> None:
    """Raise ``UnsafeExpression`` unless the text may stand in a gateway, a timer, a parameter or a decision table."""
    _parsed(text)


def check_script(text: str) -> None:
    """Raise ``UnsafeExpression`` unless every line is ``name = expression`` and safe."""
    for _name, expression in _lines(text):
        _parsed(expression, True)


def plain(value: Any) -> Any:
    """The value as JSON would give it back: tuples become lists; what is not JSON, or is too much, is refused."""
    return _plain(value, 0, iter(range(MAX_VALUES)))


def _plain(value: Any, depth: int, left: Iterator[int]) -> Any:
    if next(left, None) is None:
        raise EngineFault(f"Un cálculo dio más de {MAX_VALUES} valores.")
    if isinstance(value, int) and not -MAX_NUMBER < value < MAX_NUMBER:
        raise EngineFault("Un cálculo dio un número demasiado grande.")
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise EngineFault("Un cálculo no dio un número.")
        return value
    if depth > MAX_DEPTH:
        raise EngineFault("Un dato está demasiado anidado.")
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1, left) for item in value]
    if isinstance(value, dict):
        if "typename" in value:
            raise EngineFault("La clave «typename» está reservada.")
        return {str(key): _plain(item, depth + 1, left) for key, item in value.items()}
    raise EngineFault(f"Un {type(value).__name__} no es un dato que un trámite pueda guardar.")


def evaluate(text: str, data: Mapping[str, Any], *, script: bool = False) -> Any:
    """The value of a checked expression over case data. Raises ``EngineFault`` when it cannot be computed."""
    tree = _parsed(text, script)
    evaluator = _Evaluator(operators=_OPERATORS, functions=dict(FUNCTIONS), names={**data, **_CONSTANTS})
    evaluator.functions = FUNCTIONS
    try:
        return plain(evaluator.eval(text, previously_parsed=tree))
    except (EngineFault, UnsafeExpression):
        raise
    except Exception as error:
        raise EngineFault(f"La expresión «{text[:120]}» no se pudo calcular: {error}") from error


_CONSTANTS = {"True": True, "False": False, "None": None}


class SafeEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]  # no types
    """Every ``eval`` and ``exec`` of the library arrives here."""

    def evaluate(
        self, expression: str, context: Mapping[str, Any], external_context: Mapping[str, Any] | None = None
    ) -> Any:
        return evaluate(expression, {**context, **(external_context or {})})

    def execute(self, script: str, context: dict[str, Any], external_context: Mapping[str, Any] | None = None) -> bool:
        for name, expression in _lines(script):
            context[name] = evaluate(expression, {**context, **(external_context or {})}, script=True)
        return True

    def call_service(self, context: Mapping[str, Any], **_: Any) -> Any:
        raise EngineFault("Una tarea de servicio se ejecuta fuera del motor.")


class SafeScriptEngine(PythonScriptEngine):  # type: ignore[misc]  # it carries no types
    """Errors come out as they are: the library's own wrapping reads a traceback that is not there."""

    def __init__(self) -> None:
        super().__init__(SafeEnvironment())

    def validate(self, expression: str) -> None:
        ast.parse(expression)

    def evaluate(self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None) -> Any:
        return self.environment.evaluate(expression, task.data, external_context)

    def execute(self, task: Any, script: str, external_context: Mapping[str, Any] | None = None) -> bool:
        current()  # scripts run inside a command only
        return bool(self.environment.execute(script, task.data, external_context))


SCRIPT_ENGINE = SafeScriptEngine()
