"""What the operations that make a document share: how it is drawn and kept, and what they answer to the diagram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from pydantic import Field

from engine.documents import Document, RenderedPdf, TemplateFailed, render_pdf, store_document
from engine.errors import OperationFailed
from engine.operations.base import BaseResult, Call

PDF = "application/pdf"


class DocumentMade(BaseResult):
    id: str = Field(description="El documento, para las operaciones que siguen.")
    nombre: str = Field(description="Nombre del archivo.")
    titulo: str = Field(description="Título.")
    codigo: str = Field(description="Código de verificación; el borrador y el definitivo llevan el mismo.")
    sha256: str = Field(description="Resumen SHA-256 del archivo.")

    @classmethod
    def of(cls, document: Document, **besides: Any) -> Self:
        """``besides``: the fields that an operation adds."""
        return cls(
            id=str(document.id),
            nombre=document.name,
            titulo=document.title,
            codigo=document.code or "",
            sha256=document.sha256,
            **besides,
        )


def drawn(call: Call, template: str, data: Mapping[str, Any]) -> RenderedPdf:
    """No two calls draw the same bytes, however alike the data: a signature that was withdrawn fits no later file."""
    files = call.tools.definitions.get(call.version_id).bundle.files
    try:
        return render_pdf(files, template, data, making=call.key)
    except TemplateFailed as error:
        raise OperationFailed(error.message, permanent=True) from error


def kept(
    call: Call,
    data: bytes,
    *,
    name: str,
    title: str,
    code: str | None = None,
    facts: Sequence[Sequence[str]] = (),
    kind: str = "draft",
) -> Document:
    """The PDF as a document of the case; the one of the first attempt when this is another."""
    tools = call.tools
    with tools.database.write() as conn:
        return store_document(
            conn,
            tools.archive,
            case_id=call.case_id,
            kind=kind,
            name=name,
            title=title,
            media_type=PDF,
            data=data,
            code=code,
            facts=facts,
            job_key=call.key,
            at=tools.clock.now(),
        )
