"""How a case ended, in a word with its icon. Outcomes are the process owner's own codes (``desenlace``)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.history.case_file import CaseHead
from web.text import gettext as _


@dataclass(frozen=True)
class Ending:
    text: str
    icon: str
    tone: str


def ending(head: CaseHead) -> Ending:
    """«Entregada», «Rechazada», «Desistida», «Retirada», or whatever the owner calls it."""
    if head.status == "withdrawn":
        return Ending(_("Retirada"), "undo-2", "")
    outcome = (head.outcome or _("terminada")).replace("_", " ")
    word = outcome[:1].upper() + outcome[1:]
    if outcome.startswith(("rechaz", "deneg")):
        return Ending(word, "circle-x", "")
    if outcome.startswith(("desist", "archivad")):
        return Ending(word, "archive", "")
    return Ending(word, "circle-check", "ok")
