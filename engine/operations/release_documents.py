"""Deliver documents: from now on the requester sees and downloads them on the case's page."""

from __future__ import annotations

from pydantic import Field

from engine.documents import get_document, name_uploads, release
from engine.errors import NotFound, OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId


class Releasing(BaseParameters):
    documents: list[DocumentId] = Field(description="Los documentos que se entregan.", min_length=1, max_length=50)
    title: str | None = Field(
        default=None,
        max_length=300,
        description="Título, para quien los recibe, de los archivos que se subieron; los emitidos conservan el suyo.",
    )


class DocumentsReleased(BaseResult):
    documentos: list[str] = Field(description="Los documentos entregados.")
    el: str = Field(description="Instante de la entrega, en UTC.")


class ReleaseDocuments(Operation[Releasing]):
    name = "release_documents"
    summary = "Entrega documentos al solicitante: desde entonces los ve y los descarga."
    Parameters = Releasing
    Result = DocumentsReleased

    def run(self, parameters: Releasing, call: Call) -> DocumentsReleased:
        with call.tools.database.write() as conn:
            for document_id in parameters.documents:
                try:
                    document = get_document(conn, document_id)
                except NotFound as error:
                    raise OperationFailed("Un documento que se quiere entregar no existe.", permanent=True) from error
                if document.kind == "withdrawn":
                    raise OperationFailed(f"«{document.title}» se retiró: ya no se entrega.", permanent=True)
                if document.case_id != call.case_id:
                    raise OperationFailed("Un documento que se quiere entregar es de otro trámite.", permanent=True)
            release(conn, parameters.documents, call.tools.clock.now())
            name_uploads(conn, parameters.documents, parameters.title)
            instants = [get_document(conn, document_id).released_at for document_id in parameters.documents]
        return DocumentsReleased(
            documentos=[str(document_id) for document_id in parameters.documents],
            el=max(at for at in instants if at is not None).isoformat(),
        )
