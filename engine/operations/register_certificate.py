"""Write a certificate into the Matriz de certificaciones digitales (C-37, C-41), once per job."""

from __future__ import annotations

from pydantic import Field

from engine.carta import register_certificate
from engine.documents import Document, get_document
from engine.errors import NotFound, OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId


class Certificate(BaseParameters):
    document: DocumentId = Field(description="El documento emitido, ya firmado o sellado.")
    product: str = Field(description="Producto de la Carta que se entrega.", min_length=1, max_length=120)
    holder: str = Field(description="A nombre de quién se emite.", min_length=1, max_length=250)
    identity: str | None = Field(default=None, description="Su número de identidad.", max_length=30)


class EntryWritten(BaseResult):
    numero: str = Field(description="Número del asiento, como MCD-2026-000001.")
    codigo: str = Field(description="Código de verificación del documento.")
    documento: str = Field(description="El documento inscrito.")
    firmante: str | None = Field(description="Quien lo firmó, según la firma.")
    el: str = Field(description="Instante de la inscripción, en UTC.")


class RegisterCertificate(Operation[Certificate]):
    name = "register_certificate"
    summary = "Inscribe un documento emitido en la Matriz de certificaciones digitales y le da su número."
    Parameters = Certificate
    Result = EntryWritten

    def run(self, parameters: Certificate, call: Call) -> EntryWritten:
        with call.tools.database.write() as conn:
            try:
                document = get_document(conn, parameters.document)
            except NotFound as error:
                raise OperationFailed("El documento que se quiere inscribir no existe.", permanent=True) from error
            if document.case_id != call.case_id:
                raise OperationFailed("El documento que se quiere inscribir es de otro trámite.", permanent=True)
            if document.code is None:
                raise OperationFailed("El documento no tiene código de verificación: emítalo antes.", permanent=True)
            entry = register_certificate(
                conn,
                job_key=call.key,
                case_id=call.case_id,
                document_id=document.id,
                product=parameters.product,
                holder=parameters.holder,
                identity=parameters.identity,
                code=document.code,
                signer=_signer(document),
                at=call.tools.clock.now(),
                zone=call.tools.config.zone,
            )
        return EntryWritten(
            numero=entry.number,
            codigo=entry.code,
            documento=str(entry.document_id),
            firmante=entry.signer,
            el=entry.at.isoformat(),
        )


def _signer(document: Document) -> str | None:
    names = [str(signature["signer"]) for signature in document.signatures if signature.get("signer")]
    return ", ".join(dict.fromkeys(names))[:250] or None
