"""What is installed is what docs/decisions/0007 gives a reason for, pinned as 0002 says."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DECISION = (ROOT / "docs" / "decisions" / "0007-dependencies.md").read_text(encoding="utf-8")


def bare(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ]", requirement)[0].lower()


def declared() -> set[str]:
    return {bare(line) for line in PROJECT["project"]["dependencies"]}


def explained() -> set[str]:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", DECISION, re.MULTILINE)
    return {name.strip().lower() for row in rows for name in row.split(",")} - {"library", "---"}


def test_every_dependency_has_a_reason_and_every_reason_a_dependency():
    assert explained() == declared() | {bare(line) for line in PROJECT["dependency-groups"]["dev"]}


def test_the_engine_of_the_diagrams_is_pinned_to_one_release():
    assert "SpiffWorkflow==3.2.1a1788363675" in PROJECT["project"]["dependencies"]


def test_what_the_product_imports_is_declared_and_not_a_guest_of_another_package():
    owners = packages_distributions()
    imported = {
        name.split(".")[0]
        for package in ("engine", "web")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    foreign = imported - set(sys.stdlib_module_names) - {"engine", "web", "alembic"}
    undeclared = {name for name in foreign if not {owner.lower() for owner in owners.get(name, [])} & declared()}
    assert undeclared - GUESTS == set()


GUESTS = {
    "werkzeug",  # Flask's own half
    "asn1crypto",  # pyHanko speaks in its types
    "pyhanko_certvalidator",  # pyHanko's validator of paths
    "markupsafe",  # Jinja's safe text
    "babel",  # what Flask-Babel stands on
    "pkcs11",  # an extra of pyHanko: pyhanko[pkcs11]
}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def test_every_declared_library_is_used():
    owners = packages_distributions()
    text = "\n".join(
        path.read_text(encoding="utf-8") for package in ("engine", "web") for path in (ROOT / package).rglob("*.py")
    )
    used = {
        owner.lower()
        for module in re.findall(r"^\s*(?:from|import) (\w+)", text, re.M)
        for owner in owners.get(module, [])
    }
    assert declared() - used - INDIRECT == set()


INDIRECT = {
    "psycopg",  # SQLAlchemy's driver, by URL
    "requests",  # pyHanko's fetchers, which do not declare it
    "tzdata",  # zoneinfo's data where the system has none
}
