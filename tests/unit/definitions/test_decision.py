"""Gaps and overlaps of decision tables, told with an example a person can check."""

import pytest

from engine.definitions.decision import Cell, Column, Row, Table, clashes


def table(*rows: tuple[str, ...], inputs: list[tuple[str, str, str]]) -> Table:
    columns = tuple(Column(f"i{n}", name, name, kind, values) for n, (name, kind, values) in enumerate(inputs))
    rules = tuple(Row(n, tuple(Cell(f"c{n}", text) for text in row), ()) for n, row in enumerate(rows, start=1))
    return Table("x.dmn", "d", "UNIQUE", columns, (("o", "salida"),), rules)


AGE = [("edad", "number", "")]
WORD = [("perfil", "string", "")]


@pytest.mark.parametrize(
    ("rows", "inputs", "expected"),
    [
        ([("< 18",), (">= 18",)], AGE, []),
        ([("< 18",), ("> 18",)], AGE, ["edad es 18"]),
        ([("<= 18",), (">= 18",)], AGE, ["edad es 18"]),
        ([("? >= 0 and ? < 10",), (">= 10",)], AGE, ["edad es -1"]),
        ([("< 0",), ("0 <= ? <= 10",), ("> 10",)], AGE, []),
        ([("1",), ("2",)], [("n", "integer", "")], ["n es 0"]),
        ([("<= 1",), (">= 2",)], [("n", "integer", "")], []),
        ([("<= 1",), (">= 2",)], [("n", "number", "")], ["n es 1,5"]),
        ([('"a"',), ('"b"',)], WORD, ["perfil es «otro»"]),
        ([('"a"',), ('"b"',), ('not in ["a", "b"]',)], WORD, []),
        ([('"a"',), ('in ["a", "b"]',), ('not in ["a", "b"]',)], WORD, ["perfil es «a»"]),
        ([("True",), ("False",)], [("si", "boolean", "")], []),
        ([("True",)], [("si", "boolean", "")], ["si es no"]),
        ([("True", '"a"'), ("True", '"b"'), ("False", "-")], [("si", "boolean", ""), ("p", "string", '"a","b"')], []),
        (
            [("True", '"a"'), ("False", "-")],
            [("si", "boolean", ""), ("p", "string", '"a","b"')],
            ["si es sí, p es «b»"],
        ),
        ([("-",)], WORD, []),
    ],
)
def test_gaps_and_overlaps_come_with_an_example(rows, inputs, expected):
    found = [example for example, _rules in clashes(table(*rows, inputs=inputs))]
    assert found[: len(expected) or 1] == expected


def test_a_table_that_asks_for_other_data_is_left_to_be_run():
    assert list(clashes(table(("? > limite",), ("? <= limite",), inputs=AGE))) == []


def test_a_table_too_large_to_try_is_left_to_be_run():
    wide = [(f"n{i}", "number", "") for i in range(8)]
    rows = [tuple(f"< {k}" for _ in wide) for k in range(4)]
    assert list(clashes(table(*rows, inputs=wide))) == []
