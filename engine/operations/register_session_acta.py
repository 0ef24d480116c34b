"""Bring an acta that was found on paper or rebuilt into the register: the PDF that a person uploaded in the case."""

from __future__ import annotations

import json

from pydantic import Field

from engine.actas import FileIn, acta_by_reference, import_actas
from engine.documents import read_document
from engine.errors import CartularioError, NotFound, OperationFailed, Unavailable
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId


class Registering(BaseParameters):
    document: DocumentId = Field(description="El PDF que se subió en el trámite.")
    body: str = Field(description="Código del órgano, como CGA.", min_length=1, max_length=12)
    number: int = Field(description="Número del acta.", ge=1, le=999_999)
    date: str = Field(description="Fecha de la sesión, AAAA-MM-DD.", max_length=40)
    title: str = Field(description="De qué trató la sesión.", min_length=1, max_length=300)
    approved: str = Field(description="Fecha en que se aprobó el acta, AAAA-MM-DD.", max_length=40)
    kind: str = Field(default="ordinaria", description="ordinaria, extraordinaria, solemne u otra.", max_length=20)
    custody: str | None = Field(default=None, description="Dónde está o de dónde se rehízo.", max_length=200)
    check: bool = Field(default=False, description="Solo dice si se podría inscribir; no inscribe nada.")


class ActaRegistered(BaseResult):
    inscrita: bool = Field(description="Se inscribió, o se podría; si no, «motivo» dice qué corregir.")
    motivo: str = Field(description="Por qué no; vacío cuando sí.")
    referencia: str = Field(description="Cómo se llama en el registro, como CGA-2026-7.")
    paginas: int = Field(description="Cuántas páginas tiene; 0 si todavía no se inscribió.")


class RegisterSessionActa(Operation[Registering]):
    name = "register_session_acta"
    summary = "Inscribe en el registro de actas de sesión un PDF subido en el trámite."
    Parameters = Registering
    Result = ActaRegistered

    def run(self, parameters: Registering, call: Call) -> ActaRegistered:
        tools = call.tools
        with tools.database.read() as conn:
            try:
                document, data = read_document(conn, tools.archive, parameters.document)
            except NotFound as error:
                raise OperationFailed("El PDF del acta no existe.", permanent=True) from error
        if document.case_id != call.case_id:
            raise OperationFailed("El PDF del acta es de otro trámite.", permanent=True)
        row = {
            "organo": parameters.body,
            "numero": parameters.number,
            "fecha": parameters.date,
            "titulo": parameters.title,
            "aprobada": parameters.approved,
            "tipo": parameters.kind,
            "custodia": parameters.custody,
            "archivo": document.name,
        }
        try:
            report = import_actas(
                tools.database,
                tools.archive,
                ("acta.json", json.dumps([row]).encode()),
                [FileIn(document.name, len(data), lambda: data)],
                by=document.created_by,
                at=tools.clock.now(),
                zone=tools.config.zone,
                dry_run=parameters.check,
            )
        except Unavailable:
            raise
        except CartularioError as error:
            return _refused(error.message)
        (judged,) = report.rows
        if parameters.check:
            known = _known(call, judged.reference, document.sha256)
            return known or (_refused(" ".join(judged.faults)) if judged.faults else _would(judged.reference))
        return _known(call, judged.reference, document.sha256) or _refused(" ".join(judged.faults))


def _known(call: Call, reference: str, sha256: str) -> ActaRegistered | None:
    """In the register with these bytes: from now, or from an earlier run of this job."""
    with call.tools.database.read() as conn:
        try:
            acta = acta_by_reference(conn, reference)
        except NotFound:
            return None
    if acta.sha256 != sha256:
        return None
    return ActaRegistered(inscrita=True, motivo="", referencia=acta.reference, paginas=acta.pages)


def _would(reference: str) -> ActaRegistered:
    return ActaRegistered(inscrita=True, motivo="", referencia=reference, paginas=0)


def _refused(why: str) -> ActaRegistered:
    return ActaRegistered(inscrita=False, motivo=f"El acta no se puede inscribir: {why}", referencia="", paginas=0)
