"""Make the printed copy of an acta's original (R-52): its own pages with the legend of the Resolución, to be printed.

Only a signed original is copied, so that no copy of a draft can look like one. The copy goes to the print queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from engine.actas.examen import PRINTED_LEGEND
from engine.documents import (
    Document,
    TemplateFault,
    UnreadableOriginal,
    check_template,
    find_by_job,
    read_document,
)
from engine.documents.legend_copy import pages_of, with_legend
from engine.errors import OperationFailed
from engine.operations.base import BaseParameters, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.document_made import DocumentMade, drawn, kept
from engine.operations.exam import ExamId, own_acta, refusals_told
from engine.operations.given import OF_DOCUMENTS, given_to_document, with_given

COPY = {"copia": dict.fromkeys(("leyenda", "nombre", "paginas", "firmantes", "resumen"))}


class PrintedCopy(BaseParameters):
    acta: ExamId = Field(description="El acta.")
    document: DocumentId = Field(description="Su original firmado.")
    template: str = Field(description="Plantilla de la leyenda al pie: tira_leyenda.html.")


class PrintCopy(Operation[PrintedCopy]):
    name = "print_copy"
    summary = "Compone el ejemplar impreso de un acta: las páginas del original con su leyenda de copia fiel."
    Parameters = PrintedCopy
    Result = DocumentMade

    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> list[TemplateFault]:
        return check_template(files, template, with_given(data, OF_DOCUMENTS | COPY))

    def run(self, parameters: PrintedCopy, call: Call) -> DocumentMade:
        tools = call.tools
        with refusals_told(), tools.database.read() as conn:
            acta = own_acta(conn, parameters.acta, call)
            name = f"{acta.base}-copia.pdf"
            if (already := find_by_job(conn, call.key, name)) is not None:
                return DocumentMade.of(already)
            original, pdf = read_document(conn, tools.archive, parameters.document)
        if original.case_id != call.case_id:
            raise OperationFailed("El original del acta es de otro trámite.", permanent=True)
        if not original.signatures:
            raise OperationFailed(
                "Solo se imprime copia de un acta firmada: este documento no lo está.", permanent=True
            )
        title = f"Ejemplar impreso, libro {acta.libro}, folio {acta.folio}"
        copy = _copy(parameters, call, original, pdf, title)
        return DocumentMade.of(kept(call, copy, name=name, title=title))  # paper: nobody verifies it


def _copy(parameters: PrintedCopy, call: Call, original: Document, pdf: bytes, title: str) -> bytes:
    signers = [str(one["signer"]) for one in original.signatures if one.get("signer")]
    try:
        told = {
            "leyenda": PRINTED_LEGEND,
            "nombre": original.name,
            "paginas": list(range(1, pages_of(pdf) + 1)),
            "firmantes": ", ".join(dict.fromkeys(signers)),
            "resumen": [original.sha256[at : at + 8] for at in range(0, 64, 8)],
        }
        data = {"copia": told} | given_to_document(call, title, "")
        return with_legend(pdf, drawn(call, parameters.template, data).bytes)
    except UnreadableOriginal as error:
        raise OperationFailed(
            f"{original.name}: {error}. Restáurelo de un respaldo o pida su reconstrucción.", permanent=True
        ) from error
