"""The rooms of docs/decisions/0008 as they are imported today."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEASYPRINTS_ADAPTER = "engine/documents/render.py"  # loads Pango, and says so when it is missing


def test_no_room_enters_another_that_it_may_not():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_no_import_stands_inside_a_function():
    inside = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in ("engine", "web")
        for path in (ROOT / package).rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert [place for place in inside if not place.startswith(WEASYPRINTS_ADAPTER)] == []


def test_every_module_opens_by_saying_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for package in ("engine", "web")
        for path in (ROOT / package).rglob("*.py")
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
