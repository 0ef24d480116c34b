"""The batches' blueprint, apart so that each module of the room can add its views."""

from __future__ import annotations

from flask import Blueprint, g

from engine.signing import key_of
from web.current import cartulario, person_id
from web.text import gettext as _

batches = Blueprint("batches", __name__)

TONES = {"draft": "", "running": "ink", "interrupted": "warn", "stopped": "warn", "done": "ok"}
ICONS = {
    "draft": "pen-line",
    "running": "hourglass",
    "interrupted": "triangle-alert",
    "stopped": "pause",
    "done": "circle-check",
}


def state_text(state: str) -> str:
    return {
        "draft": _("Por confirmar"),
        "running": _("En marcha"),
        "interrupted": _("Se interrumpió"),
        "stopped": _("Detenido"),
        "done": _("Terminado"),
    }[state]


def kind_text(kind: str) -> str:
    return {"firma": _("Firma"), "solicitudes": _("Solicitudes"), "impresion": _("Impresión")}[kind]


def signs_documents() -> bool:
    """The person signed in keeps a certificate to sign with; read once a request."""
    if "signs_documents" not in g:
        with cartulario().database.read() as conn:
            g.signs_documents = key_of(conn, person_id()) is not None
    return bool(g.signs_documents)


for word in (state_text, kind_text, signs_documents):
    batches.add_app_template_global(word)
batches.app_context_processor(lambda: {"batch_tones": TONES, "batch_icons": ICONS})
