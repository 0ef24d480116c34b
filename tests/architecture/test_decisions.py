"""Every decision says what enforces it, and that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
PARTS = ("**Context.**", "**Decision.**", "**Consequences.**", "**Enforced by**")


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_four_parts_and_what_enforces_it_exists(decision):
    text = decision.read_text(encoding="utf-8")
    assert [part for part in PARTS if part not in text] == []
    enforced = text.partition("**Enforced by**")[2]
    named = re.findall(r"`((?:tests/|\.importlinter)[^` ]*)`", enforced)
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_the_index_lists_every_decision():
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in DECISIONS] == re.findall(r"\]\((0\d{3}-[\w-]+\.md)\)", index)
