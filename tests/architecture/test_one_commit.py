"""Only the unit of work commits (docs/decisions/0001), and nothing runs text as code (0003)."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = "engine/storage/unit_of_work.py"
TRANSACTIONS = {"commit", "rollback", "begin", "begin_nested"}
DYNAMIC = {"eval", "exec", "compile", "__import__"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for package in ("engine", "web"):
        for path in (ROOT / package).rglob("*.py"):
            place = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield place, node


def test_only_the_unit_of_work_begins_and_ends_transactions():
    elsewhere = [
        f"{place}:{call.lineno} .{call.func.attr}()"
        for place, call in calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in TRANSACTIONS and place != HOME
    ]
    assert elsewhere == []


def test_only_the_unit_of_work_opens_connections_of_the_database():
    elsewhere = [
        f"{place}:{call.lineno}"
        for place, call in calls()
        if ast.unparse(call.func).endswith(("create_engine", "engine.connect", "engine.begin")) and place != HOME
    ]
    assert [place for place in elsewhere if not place.startswith("engine/jobs/runner.py")] == []  # DBOS's own tables


def test_nothing_runs_text_as_code():
    assert [
        f"{place}:{call.lineno} {call.func.id}"
        for place, call in calls()
        if isinstance(call.func, ast.Name) and call.func.id in DYNAMIC
    ] == []
