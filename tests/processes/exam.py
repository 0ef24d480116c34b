"""What a step of a scenario says of the actas of its mesa: which one, and how its grades are filled in.

``acta = 2`` is the second of the mesa, ``acta = "todas"`` each of them; ``planilla = { ausentes = [3], nota = "8",
faltan = [5] }`` fills in the acta's rows: everybody else gets a grade, and who is in ``faltan`` none at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen import Acta, actas_of_mesa, get_acta, record_load
from engine.app import Cartulario
from engine.definitions import Step
from engine.people import bare
from engine.storage.tables import acta as acta_table
from engine.storage.tables import mesa_examen
from tests.support.examen import statement

WHO = "persona:"


def actas_of_case(conn: Connection, case_id: UUID) -> list[Acta]:
    """Those of its mesas; or the one that it opened about another."""
    mesas = conn.scalars(sa.select(mesa_examen.c.id).where(mesa_examen.c.case_id == case_id)).all()
    later = conn.scalars(sa.select(acta_table.c.id).where(acta_table.c.case_id == case_id)).all()
    own = [acta for mesa_id in mesas for acta in actas_of_mesa(conn, mesa_id, every=False)]
    return own + [get_acta(conn, acta_id) for acta_id in later]


def meant(conn: Connection, case_id: UUID, step: Step) -> list[Acta]:
    """The actas that the step is about; none when it does not say."""
    if step.acta is None:
        return []
    found = actas_of_case(conn, case_id)
    return found if step.acta == "todas" else found[step.acta - 1 : step.acta]


def stated(conn: Connection, acta_id: UUID, sheet: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody says of the acta: rows, date and totals."""
    missing: Sequence[int] = sheet.get("faltan", ())
    told = statement(conn, acta_id, mark=sheet.get("nota"), absent=sheet.get("ausentes", ()))
    for row in told["rows"]:
        if row["n"] in missing:
            row |= {"nota": "", "letras": "", "ausente": False}
    return told


def load(app: Cartulario, acta_id: UUID, source: str, sheet: Mapping[str, Any], by: UUID | None) -> str:
    """The grades as somebody states them: the id of the load."""
    with app.database.write() as conn:
        told = stated(conn, acta_id, sheet)
        made = record_load(conn, acta_id, source=source, by=by, at=app.clock.now(), **told)
    return str(made.id)


def to_whom(acta: Acta, step: Step) -> str:
    """The key of a message: of the acta, or of its mesa."""
    return str(acta.mesa_id) if step.correlation == "mesa" else acta.base


def source_of(role: str) -> str:
    return "web" if bare(role) == "docente" else "mano"


def named(person: Callable[[str], UUID], value: Any) -> Any:
    """«persona:docente_suplente» → that person's id, anywhere in what a step says."""
    if isinstance(value, str) and value.startswith(WHO):
        return str(person(value.removeprefix(WHO)))
    if isinstance(value, Mapping):
        return {key: named(person, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [named(person, item) for item in value]
    return value
