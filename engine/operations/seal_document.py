"""Put the institution's electronic seal on a document of the case; the sealed one is the issued one."""

from __future__ import annotations

from pydantic import Field
from sqlalchemy import Connection

from engine.documents import Document, find_by_job, read_document, render_stamp, store_document
from engine.errors import NotFound, OperationFailed, SignatureRefused
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.signing import SEAL_FIELD, Level, Signing, SigningKey, empty_fields, sign_pdf

ROLE = "Sello electrónico institucional"


class Sealing(BaseParameters):
    document: DocumentId = Field(description="El documento que se sella.")
    level: Level = Field(
        default="B-B",
        description="Nivel PAdES: B-B, B-T (hora probada), B-LT (vigencia probada) o B-LTA (para el archivo).",
    )
    field: str = Field(
        default=SEAL_FIELD, description="Hueco de la plantilla donde va la estampa; si no está, el sello no se ve."
    )


class DocumentSealed(BaseResult):
    id: str = Field(description="El documento sellado, para las operaciones que siguen.")
    nombre: str = Field(description="Nombre del archivo.")
    codigo: str | None = Field(description="Código de verificación.")
    sha256: str = Field(description="Resumen SHA-256 del archivo.")
    nivel: str = Field(description="Nivel de la firma.")


class SealDocument(Operation[Sealing]):
    name = "seal_document"
    summary = "Sella un documento con la firma electrónica de la institución."
    Parameters = Sealing
    Result = DocumentSealed

    def run(self, parameters: Sealing, call: Call) -> DocumentSealed:
        tools = call.tools
        with tools.database.read() as conn:
            document, pdf = _document(conn, parameters, call)
            if (already := find_by_job(conn, call.key, document.name)) is not None:
                return _sealed(already, parameters.level)
        at = tools.clock.now()
        try:
            key = tools.signing.seal
            signed = _seal(pdf, key, tools.signing, document, parameters, call)
        except SignatureRefused as error:
            raise OperationFailed(error.message, permanent=True) from error
        record = {
            "signer": key.name,
            "role": ROLE,
            "level": parameters.level,
            "at": at.isoformat(),
            "serial": key.serial,
        }
        with tools.database.write() as conn:
            issued = store_document(
                conn,
                tools.archive,
                case_id=call.case_id,
                kind="issued",
                name=document.name,
                title=document.title,
                media_type=document.media_type,
                data=signed,
                code=document.code,
                facts=document.facts,
                signatures=[*document.signatures, record],
                job_key=call.key,
                at=at,
            )
        return _sealed(issued, parameters.level)


def _seal(pdf: bytes, key: SigningKey, signing: Signing, document: Document, parameters: Sealing, call: Call) -> bytes:
    """Unavailable (time-stamp or revocation service away) goes up as it is: the worker tries again."""
    config, at = call.tools.config, call.tools.clock.now()
    visible = parameters.field in empty_fields(pdf)
    stamp = None
    if visible:
        stamp = render_stamp(
            call.tools.definitions.get(call.version_id).bundle.files,
            config,
            signer=config.institution,
            role=ROLE,
            at=at,
            reason=document.title,
            code=document.code,
            verb="Sellado electrónicamente por",
        )
    return sign_pdf(
        pdf,
        key,
        signing,
        level=parameters.level,
        field=parameters.field if visible else None,
        stamp=stamp,
        reason=document.title,
        location=config.place,
        at=at,
    )


def _document(conn: Connection, parameters: Sealing, call: Call) -> tuple[Document, bytes]:
    try:
        document, pdf = read_document(conn, call.tools.archive, parameters.document)
    except NotFound as error:
        raise OperationFailed("El documento que se quiere sellar no existe.", permanent=True) from error
    if document.case_id != call.case_id:
        raise OperationFailed("El documento que se quiere sellar es de otro trámite.", permanent=True)
    return document, pdf


def _sealed(document: Document, level: str) -> DocumentSealed:
    return DocumentSealed(
        id=str(document.id), nombre=document.name, codigo=document.code, sha256=document.sha256, nivel=level
    )
