"""The numbered requirements of ``docs/requirements.md`` and the tests that carry them, read without running any."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "requirements.md"
TESTS = ROOT / "tests"

_ITEM = re.compile(r"^- ([CR]-\d+) (\(context\) )?(.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| ([CR]-\d[^|]*) \|", re.MULTILINE)
_RANGE = re.compile(r"([CR])-(\d+)(?: … [CR]-(\d+))?")


@dataclass(frozen=True, slots=True)
class Requirement:
    number: str
    text: str
    context: bool  # states a fact and asks for nothing
    in_force: bool


def requirements(text: str | None = None) -> dict[str, Requirement]:
    """Every requirement by its number, in the order of the list."""
    text = LIST.read_text(encoding="utf-8") if text is None else text
    force = {number for row in _ROW.findall(text) for number in _numbers(row)}
    listed = {
        number: Requirement(number, words, bool(context), number in force)
        for number, context, words in _ITEM.findall(text)
    }
    if unknown := force - listed.keys():
        raise ValueError(f"in force, but not listed: {', '.join(sorted(unknown))}")
    return listed


def _numbers(row: str) -> Iterator[str]:
    for letter, first, last in _RANGE.findall(row):
        yield from (f"{letter}-{n}" for n in range(int(first), int(last or first) + 1))


def carriers(folder: Path = TESTS) -> dict[str, list[str]]:
    """The tests of each number, as ``tests/unit/test_x.py::test_name``."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"), str(path))
        place = path.relative_to(folder.parent).as_posix()
        for name, numbers in _marked(module, _module_marks(module)):
            for number in numbers:
                found[number].append(f"{place}::{name}")
    return dict(found)


def _marked(
    scope: ast.Module | ast.ClassDef, inherited: list[str], prefix: str = ""
) -> Iterator[tuple[str, list[str]]]:
    for node in scope.body:
        if isinstance(node, ast.ClassDef):
            yield from _marked(node, inherited + _marks(node.decorator_list), f"{prefix}{node.name}::")
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield f"{prefix}{node.name}", list(dict.fromkeys(inherited + _marks(node.decorator_list)))


def _module_marks(module: ast.Module) -> list[str]:
    return [
        number
        for node in module.body
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)
        for number in _marks([node.value])
    ]


def _marks(nodes: list[ast.expr]) -> list[str]:
    """The arguments of every ``pytest.mark.req(…)`` in these expressions, those of ``pytest.param`` included."""
    return [
        str(argument.value)
        for node in nodes
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "req"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]


def problems(listed: dict[str, Requirement], carried: dict[str, list[str]]) -> list[str]:
    """What makes ``./run trace`` fail, a sentence each."""
    bare = [
        f"{number} is in force and no test carries it"
        for number, requirement in listed.items()
        if requirement.in_force and not requirement.context and number not in carried
    ]
    unknown = [
        f"{test} carries {number}, which docs/requirements.md does not list"
        for number, tests in carried.items()
        if number not in listed
        for test in tests
    ]
    return bare + unknown
