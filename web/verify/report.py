"""A verdict as the page draws it: one sentence, then four answers that stay apart, then the facts of the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.actas.examen import Later
from engine.documents import Document
from engine.signing.verdict import Answer, SignerFacts, State, Verdict
from web.text import N_
from web.text import gettext as _

TONES = {State.OK: "ok", State.WARNING: "warn", State.BAD: "bad", State.UNKNOWN: "unknown"}
ICONS = {State.OK: "check", State.WARNING: "triangle-alert", State.BAD: "x", State.UNKNOWN: "circle-help"}


@dataclass(frozen=True)
class Line:
    """One of the four: the question, a short reply, and the sentence that explains it."""

    question: str
    reply: str
    text: str
    tone: str
    icon: str


@dataclass(frozen=True)
class Report:
    """``document``: ours, when we know it; ``size`` and ``sha256``: of the file that was sent, none for a code."""

    verdict: Verdict
    document: Document | None
    at: datetime
    size: int | None = None
    sha256: str = ""
    sealed: bool = False  # the file is one that we sealed; the document, what we made of it
    withheld: bool = False  # the document is ours, and not to be handed out yet
    later: Sequence[Later] = ()  # the published actas that say otherwise than this one
    scan: str = ""  # the old exam acta whose certified scan the file is; the document, its certification

    @property
    def tone(self) -> str:
        if self.scan:
            return "ok" if self.verdict.archive.state is State.OK else "warn"
        if self.sealed and self.verdict.integrity.state is not State.BAD:
            return "warn"
        if self.verdict.accepted:
            return "ok" if self.verdict.archive.state is State.OK and not self.later else "warn"
        states = {self.verdict.integrity.state, self.verdict.changes.state, self.verdict.archive.state}
        return "bad" if State.BAD in states | {self.verdict.trust.state} else "warn"

    @property
    def icon(self) -> str:
        return {"ok": "shield-check", "warn": "shield-question-mark", "bad": "shield-x"}[self.tone]

    @property
    def title(self) -> str:
        if self.scan:
            return _("Es la copia digital certificada del acta antigua %(base)s", base=self.scan)
        if self.sealed:
            return _("Es el archivo que nos presentaron para sellar; el documento sellado es otro")
        if self.verdict.is_not_a_pdf:
            return _("Este archivo no es un PDF: así no podemos comprobarlo")
        if self.later and self.verdict.accepted:
            return _("Es auténtica, pero otra acta posterior la cambió")
        return _(self.verdict.summary).rstrip(".")

    @property
    def advice(self) -> str:
        if self.scan:
            return _("La certificación lleva el resumen SHA-256 de cada copia y la firma de quien la certificó.")
        if self.verdict.is_not_a_pdf:
            return _(
                "Traiga el PDF tal como lo recibió, sin convertirlo ni fotografiarlo. Si tiene el papel o una foto, "
                "escriba arriba el código de doce letras y números que lleva al pie."
            )
        if self.later and self.tone != "bad":
            return _("Lo que dice ya no es todo lo que vale: mire también el acta posterior.")
        if self.tone != "bad":
            return ""
        return _("No lo acepte como original. Pida el código de verificación y consulte nuestra copia.")

    @property
    def differs(self) -> bool:
        """A file that is not the original that we hold of it."""
        return (
            not self.sealed
            and not self.scan
            and not self.verdict.is_not_a_pdf
            and self.size is not None
            and self.document is not None
            and self.verdict.archive.state is not State.OK
        )

    def signed_at(self, signer: SignerFacts) -> datetime | None:
        return datetime.fromisoformat(signer.at) if signer.at else None

    @property
    def lines(self) -> list[Line]:
        return [
            line(_("¿Está íntegro?"), self.verdict.integrity, INTEGRITY),
            line(_("¿Es confiable la firma?"), self.verdict.trust, TRUST),
            line(_("¿Tuvo cambios después?"), self.verdict.changes, CHANGES),
            line(_("¿Está en nuestro archivo?"), self.verdict.archive, SEALED if self.sealed else ARCHIVE),
        ]


INTEGRITY = {State.OK: N_("Sí, completo"), State.BAD: N_("No")}
TRUST = {State.OK: N_("Sí"), State.WARNING: N_("Sí, con una advertencia"), State.BAD: N_("No")}
CHANGES = {State.OK: N_("Ninguno"), State.BAD: N_("Sí")}
ARCHIVE = {
    State.OK: N_("Sí, y es idéntico"),
    State.WARNING: N_("El original, sí; lo agregado, no"),
    State.BAD: N_("El original, sí; este archivo, no"),
    State.UNKNOWN: N_("No"),
}
SEALED = {State.WARNING: N_("Sí, dentro del documento sellado")}
CANNOT_TELL = N_("No se puede saber")


def line(question: str, answer: Answer, replies: dict[State, str]) -> Line:
    reply = _(replies.get(answer.state, CANNOT_TELL))
    return Line(question, reply, _(answer.text), TONES[answer.state], ICONS[answer.state])
