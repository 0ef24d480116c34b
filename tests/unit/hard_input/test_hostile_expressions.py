"""A diagram's expressions can neither run code nor stop the server: what they may not do is refused, and at once."""

from __future__ import annotations

import time

import pytest

from engine.errors import EngineFault, UnsafeExpression
from engine.spiff.expressions import SafeEnvironment, check_expression, check_script, evaluate

ESCAPES = [
    "().__class__.__bases__[0].__subclasses__()",
    "''.join(['a'])",
    "hoy.__globals__",
    "__import__('os').system('id')",
    "open('/etc/passwd')",
    "getattr(d, 'x')",
    "(lambda: 1)()",
    "[x for x in d if (y := x)]",
    "f'{d}'",
    "d @ d",
    "2 ** 99999999",
    "1 << 99999999",
    "*d,",
    "{x: 1 for x in d}",
    "(x for x in d)",
    "exec('1')",
    "d.keys()",
    "str.format('{}', d)",
    "b'bytes'",
    "await d",
    "[" * 60 + "1" + "]" * 60,
    "a" * 5_000,
    "d\x00",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_an_expression_that_reaches_out_is_refused_before_it_runs(text: str) -> None:
    with pytest.raises(UnsafeExpression):
        check_expression(text)


@pytest.mark.parametrize(
    "script", ["import os", "x = 1; y = 2", "_x = 1", "x.y = 1", "x += 1", "del x", "x = y = 1", "x ="]
)
def test_a_script_line_is_a_name_and_an_expression_and_nothing_else(script: str) -> None:
    with pytest.raises(UnsafeExpression):
        check_script(script)


@pytest.mark.parametrize(
    "text",
    [
        "[[0] * 90000] * 90000",
        "'x' * 1000000",
        "join('x', [join('y', items) for n in items])",
        "[a for a in items for b in items for c in items if a > 5000]",
        "sum([sum([1 for b in items]) for a in items])",
        "str([items, items])",
        "str(hoy)",
        "hoy",
        "float('nan')",
        "float('1e999')",
        "int('9' * 5000)",
        "d['nada']",
        "d.nada",
        "1 / 0",
        "'a' < 1",
        "'%s' % d",
        "items['x']",
        "9999999999 * 9999999999 * 9999999999",
    ],
)
def test_an_expression_that_swells_or_fails_ends_at_once_with_a_reason(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(EngineFault):
        evaluate(text, {"items": list(range(3000)), "d": {"a": 1}})
    assert time.perf_counter() - start < 4


@pytest.mark.parametrize("line", ["x = x * x", "x = [x, x]", "x = x + x", "x = {'a': x, 'b': x}"])
def test_a_script_cannot_double_its_way_to_the_end_of_memory(line: str) -> None:
    for first in (10**15, ["a" * 100], "a" * 100):
        start = time.perf_counter()
        with pytest.raises(EngineFault):
            SafeEnvironment().execute("\n".join([line] * 90), {"x": first})
        assert time.perf_counter() - start < 3


def test_daily_expressions_are_still_welcome() -> None:
    data = {"nota": 7.5, "materias": [{"n": "Álgebra", "c": 3}, {"n": "Física", "c": 5}], "d": {"k": "v"}}
    assert evaluate("sum([m.c for m in materias]) * 2", data) == 16
    assert evaluate("join(', ', [m.n for m in materias])", data) == "Álgebra, Física"
    assert evaluate("str(nota) + '!' if nota >= 7 and d.k == 'v' else ''", data) == "7.5!"
