"""``docs/operations.md`` says what the programme does, no more and no less."""

from __future__ import annotations

from pathlib import Path

from web.cli.operations import as_markdown

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_of_operations_is_the_one_that_the_programme_writes() -> None:
    written = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert written == as_markdown(), "run: ./run cartulario operations --markdown > docs/operations.md"
