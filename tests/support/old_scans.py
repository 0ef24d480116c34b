"""Old exam actas in the register of an office for tests, with files that can be opened: the scan, and the certification
that a person signed.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen import Indexed, OldActa, register_scan
from engine.app import Cartulario
from engine.config import ROOT
from engine.definitions import Bundle, publish
from engine.documents import store_document
from engine.storage.tables import case, definition_version
from tests.support.examen import AT

PROCESS = "digitalizar_actas"
CODES = ("7K3M-Q9PX-2B4H", "8K3M-Q9PX-2B4H", "9K3M-Q9PX-2B4H")
COURSE = "Epistemología de las ciencias"


def old_acta(base: str = "2015-L0003-F0012", curso: str = COURSE, motivo: str | None = None) -> OldActa:
    return OldActa(base, curso, date(int(base[:4]), 6, 18), 3, None, None, False, motivo)


def scan_one(app: Cartulario, one: OldActa, file: bytes, by: UUID | None = None, **indexed: Any) -> UUID:
    """One more batch, of one acta → its case."""
    with app.database.write() as conn:
        case_id, n = _case(conn, app)
        scan = _store(conn, app, case_id, f"{one.base}.pdf", file, kind="upload")
        paper = {"kind": "issued", "code": CODES[n % 3], "facts": [("Tanda", f"Tanda {n}")]}
        signed = [{"signer": "Norma Carrión", "role": "Autoridad de Gestión", "level": "B-LT", "serial": "1"}]
        certificate = _store(conn, app, case_id, f"certificacion-{n}.pdf", file + b"%", **paper, signatures=signed)
        told = {"estudiantes": "Ñáñez, Güemes", "docentes": "Íñiguez", "papel": "bueno"} | indexed
        how: dict[str, Any] = {"document_id": scan.id, "sha256": scan.sha256, "certificate_id": certificate.id}
        register_scan(conn, one, case_id=case_id, indexed=Indexed(**told), by=by, at=AT, **how)
    return case_id


def _case(conn: Connection, app: Cartulario) -> tuple[UUID, int]:
    version = conn.scalar(sa.select(definition_version.c.id).where(definition_version.c.process == PROCESS))
    if version is None:
        publish(conn, Bundle.read(ROOT / "bpmn", ROOT / "forms", PROCESS), None, AT, app.operations)
        version = conn.scalar(sa.select(definition_version.c.id).where(definition_version.c.process == PROCESS))
    n = int(conn.scalar(sa.select(sa.func.count()).select_from(case)) or 0) + 1
    row = {"id": uuid4(), "number": f"DA-2026-{n:06d}", "process": PROCESS, "version_id": version, "title": "Tanda"}
    stands = {"facts": {}, "search": "", "revision": 1, "status": "open", "state": "{}", "opened_at": AT}
    conn.execute(case.insert().values(row | stands))
    return row["id"], n  # type: ignore[return-value]  # the id of the three


def _store(conn: Connection, app: Cartulario, case_id: UUID, name: str, data: bytes, **more: Any) -> Any:
    how: dict[str, Any] = {"title": "Certificación de digitalización", "media_type": "application/pdf", "at": AT}
    return store_document(conn, app.archive, case_id=case_id, name=name, data=data, **how | more)
