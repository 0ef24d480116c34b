"""Whether a received acta has all that the Resolución asks of it, point by point, for SGPyEC's decision table (R-49).

Whether its signature is valid is for ``engine.signing``; here only that it bears one, and everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import get_acta
from engine.actas.examen.carga import check_load, get_load
from engine.storage.tables import document


@dataclass(slots=True)
class Completeness:
    data: bool = True  # every student has a date and a grade in number and letters, or «ausente»
    totals: bool = True  # as derived
    names: bool = True  # the file bears the acta's base name
    signed: bool = True  # by anybody at all
    mail_kept: bool = True  # the docente's mail is in the archive as PDF
    defects: list[str] = field(default_factory=list)


def completeness(
    conn: Connection, acta_id: UUID, document_id: UUID, mail_copy: UUID | None, zone: ZoneInfo
) -> Completeness:
    """``document_id``: the signed PDF as received; ``mail_copy``: the archived copy of the docente's mail or, of a load
    by web, its record. Raises NotFound."""
    acta, found = get_acta(conn, acta_id), Completeness()
    if acta.carga_id is None:
        found.data = found.totals = False
        found.defects.append("El acta no tiene una carga aceptada del docente.")
    else:
        faults = check_load(conn, get_load(conn, acta.carga_id), zone)
        found.data = all(one.total for one in faults)
        found.totals = not any(one.total for one in faults)
        found.defects += [str(one) for one in faults]
    columns = (document.c.name, document.c.signatures, document.c.case_id)
    received = conn.execute(sa.select(*columns).where(document.c.id == document_id)).one_or_none()
    if received is None or received.name != f"{acta.base}.pdf":
        found.names = False
        found.defects.append(f"El archivo debe llamarse {acta.base}.pdf, como se envió.")
    if received is None or not received.signatures:
        found.signed = False
        found.defects.append("El PDF no lleva la firma digital de la Autoridad Departamental.")
    kept = sa.select(document.c.id).where(document.c.id == mail_copy, document.c.case_id == acta.case_id)
    if mail_copy is None or conn.scalar(kept) is None:
        found.mail_kept = False
        found.defects.append("Falta en el archivo la copia del correo o de la carga del docente.")
    return found
