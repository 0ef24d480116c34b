"""Note where the paper of scanned old actas went back to (R-53)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from engine.actas.examen import shelve_scan
from engine.actas.examen.digitised import MOST
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import refusals_told


class Shelving(BaseParameters):
    actas: list[dict[str, Any]] = Field(description="Las actas: su «base» alcanza.", max_length=MOST)
    lugar: str = Field(description="Dónde quedaron: estante, caja, legajo.", max_length=200)


class ScansShelved(BaseResult):
    el: str = Field(description="Cuándo, en UTC.")


class ShelveScans(Operation[Shelving]):
    name = "shelve_scans"
    summary = "Anota dónde quedó guardado el papel de las actas antiguas digitalizadas."
    Parameters = Shelving
    Result = ScansShelved

    def run(self, parameters: Shelving, call: Call) -> ScansShelved:
        at = call.tools.clock.now()
        with refusals_told(), call.tools.database.write() as conn:
            for one in parameters.actas:
                shelve_scan(conn, str(one.get("base")), parameters.lugar, call.case_id, at)
        return ScansShelved(el=at.isoformat())
