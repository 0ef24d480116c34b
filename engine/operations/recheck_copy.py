"""Look again at the reservation of an acta from which a document was taken (C-27): before it is signed, and when it is
delivered, in the same transaction. What no longer holds is withdrawn, and the diagram says why to who asked for it.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field
from sqlalchemy import Connection

from engine.actas import ActaSesion, Standing, acta_by_reference, reservation_on, standing_of
from engine.documents import Document, get_document, release, withdraw
from engine.errors import NotFound, OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId


class Rechecking(BaseParameters):
    document: DocumentId = Field(description="La copia, o lo que se certificó de un acta.")
    acta: str | None = Field(
        default=None, description="Referencia del acta que se quiere, si quien coteja pudo cambiarla.", max_length=60
    )
    release: bool = Field(default=False, description="Si además se entrega al solicitante, cuando sigue vigente.")


class Rechecked(BaseResult):
    vigente: bool = Field(description="Si lleva lo que hoy se puede copiar; si no, el documento se retiró.")
    entregada: bool = Field(description="Si se entregó.")
    reserva: str = Field(description="Cómo está hoy el acta: none, partial o whole.")
    motivo: str = Field(description="El motivo legal de la reserva; vacío si no la hay.")
    aviso: str = Field(description="Qué cambió desde que se compuso, en una frase; vacío si nada.")
    acta: str = Field(description="Referencia del acta que se miró; vacía si el registro no tiene la que se escribió.")
    misma: bool = Field(description="Si es el acta de la que se compuso el documento.")


class RecheckCopy(Operation[Rechecking]):
    name = "recheck_copy"
    summary = "Mira otra vez la reserva del acta de la que sale un documento: retira el que ya no vale, o lo entrega."
    Parameters = Rechecking
    Result = Rechecked

    def run(self, parameters: Rechecking, call: Call) -> Rechecked:
        now = call.tools.clock.now()
        today = now.astimezone(call.tools.config.zone).date()
        with call.tools.database.write() as conn:
            document = _document(conn, parameters, call)
            standing = standing_of(conn, document.facts, today)
            if standing is None:
                raise OperationFailed(f"«{document.title}» no dice de qué acta del registro se sacó.", permanent=True)
            try:
                acta = _wanted(conn, parameters, standing)
            except NotFound as error:  # mistyped: nothing is withdrawn, and who wrote it reads this
                return _unknown(error)
            if parameters.release and document.released_at is not None:  # an earlier run of this job delivered it
                return _answer(acta, today, standing, holds=True, released=True)
            holds = standing.holds and acta.id == standing.acta.id and document.kind != "withdrawn"
            if not holds:
                withdraw(conn, document)
            elif parameters.release:
                release(conn, [document.id], now)
        return _answer(acta, today, standing, holds=holds, released=holds and parameters.release)


def _document(conn: Connection, parameters: Rechecking, call: Call) -> Document:
    try:
        document = get_document(conn, parameters.document)
    except NotFound as error:
        raise OperationFailed("El documento que se quiere comprobar no existe.", permanent=True) from error
    if document.case_id != call.case_id:
        raise OperationFailed("El documento que se quiere comprobar es de otro trámite.", permanent=True)
    return document


def _wanted(conn: Connection, parameters: Rechecking, standing: Standing) -> ActaSesion:
    return acta_by_reference(conn, parameters.acta) if parameters.acta else standing.acta


def _unknown(error: NotFound) -> Rechecked:
    return Rechecked(
        vigente=False,
        entregada=False,
        reserva="none",
        motivo="",
        aviso=f"{error.message} Escriba otra vez la referencia, o déjela vacía si el acta es la misma.",
        acta="",
        misma=False,
    )


def _answer(acta: ActaSesion, today: date, standing: Standing, *, holds: bool, released: bool) -> Rechecked:
    reserved = reservation_on(acta, today)
    return Rechecked(
        vigente=holds,
        entregada=released,
        reserva=reserved,
        motivo=(acta.reserved_reason or "") if reserved != "none" else "",
        aviso="" if holds or acta.id != standing.acta.id else standing.change,
        acta=acta.reference,
        misma=acta.id == standing.acta.id,
    )
