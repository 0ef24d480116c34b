"""«1 día hábil», never «1 días hábiles»: wherever a number of them is written for a person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.documents.templates import environment, fill
from engine.words import business_days

FORMS = Path(__file__).parents[3] / "forms"
ALWAYS_MANY = re.compile(r"}}(</b>)? d[ií]as h[áa]bil")


@pytest.mark.parametrize(("days", "said"), [(0, "0 días hábiles"), (1, "1 día hábil"), (2, "2 días hábiles")])
def test_one_business_day_is_one(days: int, said: str) -> None:
    assert business_days(days) == said
    assert (
        fill(environment({"forms/a.txt": b"Tiene {{ dias|dias_habiles }}."}), "a.txt", {"dias": days})
        == f"Tiene {said}."
    )


def test_no_document_nor_letter_writes_the_plural_beside_a_number_that_may_be_one() -> None:
    written = [path for path in FORMS.rglob("*") if path.suffix in (".txt", ".html")]
    assert written
    assert [str(path) for path in written if ALWAYS_MANY.search(path.read_text(encoding="utf-8"))] == []
