"""Take certified scans of old actas into the register (R-16, R-21), each by its SHA-256."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field

from engine.actas.examen import Indexed, match_scans, register_scan
from engine.documents import get_document
from engine.errors import OperationFailed
from engine.operations.base import BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.exam import refusals_told
from engine.operations.scans import ScannedInventory, judged

MOST_TOLD = 50  # of those left out, in a result: it is case data
LONGEST = 500  # letters of what is indexed


class Archiving(ScannedInventory):
    certificado: DocumentId = Field(description="La certificación firmada de la tanda.")
    indice: list[dict[str, Any]] = Field(
        default_factory=list, description="Lo que se indexó: base, estudiantes, docentes y estado."
    )
    by: UUID | None = Field(default=None, description="Quién la certificó, como hecho.<tarea>.quien.")


class ScansArchived(BaseResult):
    archivadas: list[dict[str, str]] = Field(description="Las actas que entraron al registro: base.")
    omitidas: list[str] = Field(
        description="Las que no, y por qué: otra tanda inscribió antes esa acta, por ejemplo. Las demás entran igual."
    )


class ArchiveScans(Operation[Archiving]):
    name = "archive_scans"
    summary = "Inscribe en el registro las actas antiguas digitalizadas, con su certificación firmada."
    Parameters = Archiving
    Result = ScansArchived

    def run(self, parameters: Archiving, call: Call) -> ScansArchived:
        tools = call.tools
        indexed = {str(row.get("base")): _indexed(row) for row in parameters.indice}
        with refusals_told(), tools.database.write() as conn:
            certificate = get_document(conn, parameters.certificado)
            if certificate.case_id != call.case_id or not certificate.signatures:
                raise OperationFailed("La certificación de la tanda no está firmada en este trámite.", permanent=True)
            files = [get_document(conn, one) for one in parameters.archivos]
            batch = judged(conn, parameters, call)
            if batch.refused and not batch.faulty:  # nothing of it can be told apart
                raise OperationFailed(" ".join(batch.refused[:5]), permanent=True)
            found, faults = match_scans([one.base for one in batch.actas], files)
            if faults:
                raise OperationFailed(" ".join(faults[:5]), permanent=True)
            entering = [one for one in batch.actas if one.base not in batch.faulty]
            for one in entering:
                register_scan(
                    conn,
                    one,
                    document_id=found[one.base].id,
                    sha256=found[one.base].sha256,
                    certificate_id=certificate.id,
                    case_id=call.case_id,
                    indexed=indexed.get(one.base, Indexed()),
                    by=parameters.by,
                    at=tools.clock.now(),
                )
        return ScansArchived(
            archivadas=[{"base": one.base} for one in entering], omitidas=list(batch.refused[:MOST_TOLD])
        )


def _indexed(row: dict[str, Any]) -> Indexed:
    return Indexed(*(str(row.get(name) or "")[:LONGEST] for name in ("estudiantes", "docentes", "estado")))
