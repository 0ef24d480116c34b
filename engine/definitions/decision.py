"""A decision table (DMN) as the check sees it, and the search for its gaps and overlaps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from typing import Any

from engine.errors import EngineFault, UnsafeExpression
from engine.spiff import evaluate

MAX_COMBINATIONS = 20_000
MAX_EXAMPLES = 5
OTHER = "«otro»"

_HOLE = re.compile(r"""(\?)(?=(?:[^'"]|['"][^'"]*['"])*$)""")  # a ? outside quotes stands for the input
_OPERATOR = re.compile(r"\s*(==|!=|<=|>=|<|>|not in\b|in\b)")


@dataclass(frozen=True, slots=True)
class Cell:
    id: str
    text: str

    @property
    def matches_all(self) -> bool:
        return self.text.strip() in ("", "-")

    @property
    def has_operator(self) -> bool:
        return bool(_OPERATOR.match(self.text))

    def test(self, name: str) -> str:
        """The condition as an expression over ``name``, worked out as the engine does."""
        if _HOLE.search(self.text):
            return _HOLE.sub(name, self.text)
        return f"{name} {self.text.strip()}" if self.has_operator else f"({name}) == ({self.text.strip()})"


@dataclass(frozen=True, slots=True)
class Column:
    id: str
    label: str
    expression: str
    type: str
    values: str  # the values allowed, as the header lists them

    @property
    def name(self) -> str:
        return self.label or self.expression


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    conditions: tuple[Cell, ...]
    results: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    file: str
    decision: str
    policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[tuple[str, str], ...]  # id, name
    rules: tuple[Row, ...]


def tables_of(file: str, root: Any) -> Iterator[Table]:
    namespace = {"d": root.tag[1:].split("}")[0]}
    for decision in root.iterfind("d:decision", namespace):
        for table in decision.iterfind("d:decisionTable", namespace):
            yield Table(
                file=file,
                decision=decision.get("id") or "",
                policy=(table.get("hitPolicy") or "UNIQUE").upper(),
                inputs=tuple(
                    Column(
                        id=x.get("id") or "",
                        label=x.get("label") or "",
                        expression=x.findtext("d:inputExpression/d:text", "", namespace),
                        type=next((e.get("typeRef") or "" for e in x.iterfind("d:inputExpression", namespace)), ""),
                        values=x.findtext("d:inputValues/d:text", "", namespace),
                    )
                    for x in table.iterfind("d:input", namespace)
                ),
                outputs=tuple((x.get("id") or "", x.get("name") or "") for x in table.iterfind("d:output", namespace)),
                rules=tuple(
                    Row(
                        number,
                        tuple(_cell(x, namespace) for x in rule.iterfind("d:inputEntry", namespace)),
                        tuple(_cell(x, namespace) for x in rule.iterfind("d:outputEntry", namespace)),
                    )
                    for number, rule in enumerate(table.iterfind("d:rule", namespace), start=1)
                ),
            )


def clashes(table: Table, options: Mapping[str, Sequence[Any]] = {}) -> Iterator[tuple[str, list[int]]]:
    """(example, the rules that answer it) wherever not exactly one does. Nothing when it cannot be told. ``options``:
    what an input may be when it is a question with a closed list of answers."""
    samples = [_samples(table, index, options) for index in range(len(table.inputs))]
    total = 1
    for values in samples:
        total *= len(values)
    if total > MAX_COMBINATIONS or not all(samples):
        return
    try:
        matches = [
            [[_matches(rule.conditions[i], v) for v in values] for i, values in enumerate(samples)]
            for rule in table.rules
        ]
    except (EngineFault, UnsafeExpression, IndexError):
        return  # a cell asks for other data of the case: only running it can tell
    yield from islice(_clashes(table, samples, matches), MAX_EXAMPLES)


def _clashes(
    table: Table, samples: Sequence[Sequence[Any]], matches: Sequence[Sequence[Sequence[bool]]]
) -> Iterator[tuple[str, list[int]]]:
    told: set[tuple[int, ...]] = set()
    for indexes in product(*(range(len(values)) for values in samples)):
        hits = [
            rule.number
            for rule, row in zip(table.rules, matches, strict=True)
            if all(row[column][index] for column, index in enumerate(indexes))
        ]
        if len(hits) == 1 or (hits and tuple(hits) in told):
            continue
        told.add(tuple(hits))
        values = [samples[column][index] for column, index in enumerate(indexes)]
        pairs = zip(table.inputs, values, strict=True)
        yield ", ".join(f"{column.name} es {_shown(value)}" for column, value in pairs), hits


def _matches(cell: Cell, value: Any) -> bool:
    return cell.matches_all or bool(evaluate(cell.test("valor"), {"valor": value}))


def _samples(table: Table, index: int, options: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Representative values of one input."""
    column = table.inputs[index]
    allowed = _constants(column.values)
    if allowed:
        return allowed
    named = [c for rule in table.rules if index < len(rule.conditions) for c in _constants(rule.conditions[index].text)]
    if column.expression in options:
        return list(dict.fromkeys([*options[column.expression], *named]))
    if column.type == "boolean" or (named and all(isinstance(c, bool) for c in named)):
        return [True, False]
    numbers = sorted({c for c in named if isinstance(c, int | float) and not isinstance(c, bool)})
    if numbers and len(numbers) == len(set(named)):
        return _around(numbers, whole=column.type in ("integer", "long"))
    if column.type in ("number", "integer", "long", "double"):
        return [0]
    return [*dict.fromkeys(named), OTHER]


def _around(numbers: Sequence[float], *, whole: bool) -> list[float]:
    """Each number, one between each two, one before all and one after all."""
    found: set[float] = {numbers[0] - 1, *numbers, numbers[-1] + 1}
    for low, high in pairwise(numbers):
        if not whole:
            found.add((low + high) / 2)
        elif high - low > 1:
            found.add(low + 1)
    return sorted(found)


def _constants(text: str) -> list[Any]:
    """The literals that a cell names."""
    source = _HOLE.sub("valor", text.strip())
    if not source or source == "-":
        return []
    try:
        tree = ast.parse(f"valor {source}" if _OPERATOR.match(source) else f"({source})", mode="eval")
    except SyntaxError:
        return []
    found: list[Any] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            found.append(node.value)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            value = getattr(node.operand, "value", None)
            found += [-value] if isinstance(value, int | float) else []
    return list(dict.fromkeys(found))


def _cell(xml: Any, namespace: dict[str, str]) -> Cell:
    return Cell(xml.get("id") or "", xml.findtext("d:text", "", namespace) or "")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    if value is None:
        return "nada"
    return value if value == OTHER else f"«{value}»" if isinstance(value, str) else f"{value:g}".replace(".", ",")
