"""Publish an edition of the Carta, signed by all who answer for it; in force from that instant."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from sqlalchemy import Connection

from engine.carta import Edition, publish_edition
from engine.documents import get_document, release
from engine.errors import EditionOutdated, InvalidEdition, NotFound, OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId


class Publishing(BaseParameters):
    edition: dict[str, Any] = Field(description="La edición que dio compose_edition.")
    document: DocumentId = Field(description="La Carta en PDF, firmada por todos.")


class EditionPublished(BaseResult):
    publicada: bool = Field(description="No, si otra edición se publicó antes.")
    motivo: str = Field(description="Por qué no se publicó.")
    numero: int | None = Field(description="Número de la edición.")
    ordinal: str = Field(description="Como se imprime: 2ª.")
    documento: str = Field(description="La Carta firmada.")
    el: str | None = Field(description="Instante desde el que rige, en UTC.")


class PublishEdition(Operation[Publishing]):
    name = "publish_edition"
    summary = "Publica la edición siguiente de la Carta de Servicios; desde entonces es la vigente."
    Parameters = Publishing
    Result = EditionPublished

    def run(self, parameters: Publishing, call: Call) -> EditionPublished:
        try:
            edition = Edition.read(parameters.edition)
        except InvalidEdition as error:
            raise OperationFailed(error.message, permanent=True) from error
        with call.tools.database.write() as conn:
            _require_signed(conn, parameters, edition, call)
            try:
                published = publish_edition(
                    conn,
                    edition,
                    call.tools.clock.now(),
                    document_id=parameters.document,
                    case_id=call.case_id,
                    job_key=call.key,
                )
            except EditionOutdated as error:
                return _answer(edition, parameters, reason=error.message)
            release(conn, [parameters.document], call.tools.clock.now())
        return _answer(edition, parameters, at=published.published_at.isoformat())


def _require_signed(conn: Connection, parameters: Publishing, edition: Edition, call: Call) -> None:
    """By those who answer for the document, as what they are and in their order, each with a certificate of their own
    (C-55 … C-58). ``sign_task`` wrote as what each one signed, and nobody completes the task of another's function."""
    try:
        document = get_document(conn, parameters.document)
    except NotFound as error:
        raise OperationFailed("El documento de la Carta no existe.", permanent=True) from error
    if document.case_id != call.case_id:
        raise OperationFailed("El documento de la Carta es de otro trámite.", permanent=True)
    certificates = {signature.get("serial") for signature in document.signatures}
    wanted = len(edition.signatures)
    if len(document.signatures) != wanted or len(certificates) != wanted:
        raise OperationFailed(
            f"La Carta necesita {wanted} firmas, cada una con su certificado, y tiene {len(certificates)}.",
            permanent=True,
        )
    for turn, (one, signature) in enumerate(zip(edition.signatures, document.signatures, strict=True), 1):
        if signature.get("function") != one.role:
            raise OperationFailed(
                f"La firma {turn} de la Carta es de {one.title} ({one.act.lower()}), y la puso "
                f"{signature.get('role') or 'otra persona'}. Componga la edición otra vez y que la firme cada cual "
                "en su orden.",
                permanent=True,
            )


def _answer(edition: Edition, parameters: Publishing, *, reason: str = "", at: str | None = None) -> EditionPublished:
    return EditionPublished(
        publicada=at is not None,
        motivo=reason,
        numero=edition.number if at else None,
        ordinal=edition.ordinal,
        documento=str(parameters.document),
        el=at,
    )
