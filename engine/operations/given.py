"""What operations add to the data of a diagram before they fill a template: known here, so that a check can compare.

``tests/processes/test_given.py`` compares these names with what is really given.
"""

from __future__ import annotations

from typing import Any

from engine.documents import house, verification
from engine.documents.check_fields import Shape
from engine.operations.base import Call

HOUSE: Shape = dict.fromkeys(("nombre", "unidad", "lugar", "zona", "demo"))
OF_DOCUMENTS: dict[str, Shape | None] = {
    "casa": HOUSE,
    "documento": {"titulo": None, "codigo": None},
    "verificacion": dict.fromkeys(("codigo", "sitio", "url", "referencia")),
    "emitido": None,
    "numero": None,
}
OF_MAILS: Shape = {
    "casa": HOUSE,
    "institucion": None,
    "unidad": None,
    "numero": None,
    "enlace": None,
    "sitio": None,
    "promesa": {"vence": None, "pausa": None, "productos": None},
}


def given_to_document(call: Call, title: str, code: str, reference: str | None = None) -> dict[str, Any]:
    """What ``OF_DOCUMENTS`` names. ``reference``: what the foot calls it, its title when nothing is said."""
    config = call.tools.config
    return {
        "casa": house(config),
        "documento": {"titulo": title, "codigo": code},
        "verificacion": verification(config, code, f"{reference or title} n.º {call.case_number}"),
        "emitido": call.at.isoformat(),
        "numero": call.case_number,
    }


def with_given(data: Shape | None, given: Shape) -> Shape | None:
    return None if data is None else {**data, **given}
