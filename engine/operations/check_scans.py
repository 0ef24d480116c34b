"""Judge a batch of old actas: whether arts. 2 and 3 admit each (R-16 … R-21), and that each has its scan."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from engine.actas.examen import OldActa, base_of_file, judge_batch, match_scans
from engine.actas.examen.digitised import MOST
from engine.documents import Document, get_document
from engine.errors import OperationFailed
from engine.operations.base import BaseResult, Call, Operation, Tools
from engine.operations.document_id import DocumentId
from engine.operations.exam import refusals_told
from engine.operations.scans import ScannedInventory, judged

MOST_TOLD = 50  # refusals in a result: it is case data


class Checking(ScannedInventory):
    nuevos: list[DocumentId] = Field(
        default_factory=list,
        description="Los que se acaban de escanear: cada uno reemplaza al anterior de su acta.",
        max_length=MOST,
    )


class ScansChecked(BaseResult):
    aceptada: bool = Field(description="La tanda se admite; con archivos, además cada acta tiene el suyo.")
    rechazos: list[str] = Field(description=f"Qué corregir, con su artículo; {MOST_TOLD} a lo sumo.")
    archivos: list[str] = Field(description="Los escaneos que corresponden a un acta de la tanda.")
    indice: list[dict[str, Any]] = Field(
        description="Una por acta: base, curso, fecha, forma, archivo, sha256 (en grupos), reemplaza (por qué se "
        "escanea otra vez), y los campos estudiantes, docentes y estado, para llenarlos en un formulario."
    )


class CheckScans(Operation[Checking]):
    name = "check_scans"
    summary = (
        "Controla una tanda de actas antiguas: que los artículos 2 o 3 las admitan y que cada una tenga su escaneo."
    )
    Parameters = Checking
    Result = ScansChecked

    def foresee(self, parameters: Checking, tools: Tools) -> list[str]:
        with tools.database.read() as conn:
            return list(judge_batch(conn, parameters.articulo, parameters.actas, tools.config).refused)

    def run(self, parameters: Checking, call: Call) -> ScansChecked:
        with refusals_told(), call.tools.database.read() as conn:
            batch = judged(conn, parameters, call)
            fresh = [get_document(conn, one) for one in parameters.nuevos]
            again = {base_of_file(file.name) for file in fresh}
            kept = [get_document(conn, one) for one in parameters.archivos]
        files = [*(file for file in kept if base_of_file(file.name) not in again), *fresh]
        if any(file.case_id not in (None, call.case_id) for file in files):
            raise OperationFailed("Un escaneo es de otro trámite.", permanent=True)
        faults, found = list(batch.refused), dict[str, Document]()
        if files and not faults:
            found, missing = match_scans([one.base for one in batch.actas], files)
            faults += missing
        return ScansChecked(
            aceptada=not faults,
            rechazos=faults[:MOST_TOLD],
            archivos=[str(file.id) for file in found.values()],
            indice=[_entry(one, found.get(one.base)) for one in batch.actas],
        )


def _entry(one: OldActa, file: Document | None) -> dict[str, Any]:
    return {
        "base": one.base,
        "curso": one.curso,
        "fecha": one.fecha.isoformat(),
        "forma": one.forma,
        "archivo": file.name if file else None,
        "sha256": [file.sha256[at : at + 8] for at in range(0, 64, 8)] if file else [],
        "reemplaza": one.motivo,
        "estudiantes": None,
        "docentes": None,
        "estado": None,
    }
