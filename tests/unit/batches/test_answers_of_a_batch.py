"""What a batch answers in the place of a person: the boxes of a print run, and nothing that somebody has to know."""

from __future__ import annotations

from typing import Any

import pytest

from engine.batches.answers import only_answers
from engine.forms import Form

BOX = {"type": "checkbox", "key": "impreso", "id": "impreso", "label": "Imprimí todo", "validate": {"required": True}}
OPTIONAL = {"type": "checkbox", "key": "sobre", "id": "sobre", "label": "En sobre"}
PLACE = {"type": "textfield", "key": "lugar", "id": "lugar", "label": "¿Dónde?"}
SHEETS = {"type": "number", "key": "hojas", "id": "hojas", "label": "Hojas", "validate": {"required": True}}


def answered(*components: dict[str, Any], tick: bool = True, draft: dict[str, Any] | None = None) -> Any:
    form = Form({"type": "default", "id": "f", "components": list(components)})
    return only_answers(form, {}, "2026-11-23", lambda data: True, draft, tick=tick)


def test_only_the_required_boxes_are_ticked() -> None:
    found = answered(BOX, OPTIONAL, PLACE)
    assert (found["impreso"], found["sobre"]) == (True, False)


def test_a_draft_keeps_its_words_and_is_ticked() -> None:
    assert answered(BOX, PLACE, draft={"impreso": False, "lugar": "Carpeta 3"}) == {
        "impreso": True,
        "lugar": "Carpeta 3",
    }


@pytest.mark.parametrize("tick", [True, False])
def test_what_somebody_has_to_know_is_not_made_up(tick: bool) -> None:
    assert answered(BOX, SHEETS, tick=tick) is None


def test_where_nobody_declared_it_no_box_is_ticked() -> None:
    assert answered(BOX, tick=False) is None
