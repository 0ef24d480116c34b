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


class ActaRegistered(BaseResult):
    referencia: str = Field(description="Cómo se llama en el registro, como CGA-2026-7.")
    paginas: int = Field(description="Cuántas páginas tiene.")


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
            )
        except Unavailable:
            raise
        except CartularioError as error:
            raise OperationFailed(error.message, permanent=True) from error
        (judged,) = report.rows
        with tools.database.read() as conn:
            try:
                acta = acta_by_reference(conn, judged.reference)
            except NotFound:
                acta = None
        if acta is None or acta.sha256 != document.sha256:  # the same bytes: an earlier run of this job wrote them
            raise OperationFailed(f"El acta no se inscribió: {' '.join(judged.faults)}", permanent=True)
        return ActaRegistered(referencia=acta.reference, paginas=acta.pages)
