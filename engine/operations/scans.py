"""What the operations of scanned old actas share: the rows of an inventory as a form hands them on, judged again."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from sqlalchemy import Connection

from engine.actas.examen import JudgedBatch, judge_batch
from engine.actas.examen.digitised import MOST
from engine.operations.base import BaseParameters, Call
from engine.operations.document_id import DocumentId


class Inventory(BaseParameters):
    articulo: int = Field(
        description="2: copias firmadas en formas alternativas; 3: actas anteriores a la digitalización."
    )
    actas: list[dict[str, Any]] = Field(
        description="Una por acta: acta (2015-L0003-F0012), curso, fecha y, por el artículo 2, texto y firmas, la del "
        "docente y la de la autoridad: olografa+digital; en otra_vez, por qué se escanea otra vez la que ya está en el "
        "registro.",
        max_length=MOST,
    )


class ScannedInventory(Inventory):
    archivos: list[DocumentId] = Field(
        default_factory=list, description="Los escaneos, cada uno con el nombre de su acta.", max_length=MOST
    )


def judged(conn: Connection, inventory: Inventory, call: Call) -> JudgedBatch:
    return judge_batch(conn, inventory.articulo, inventory.actas, call.tools.config, call.case_id)
