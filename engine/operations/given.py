"""What operations add to the data of a diagram before they fill a template: known here, so that a check can compare.

``tests/unit/operations/test_given.py`` compares these names with what is really given.
"""

from __future__ import annotations

from engine.documents.check_fields import Shape

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


def with_given(data: Shape | None, given: Shape) -> Shape | None:
    return None if data is None else {**data, **given}
