"""A professor's address put right while the mesa runs: who may, and on record in the history of its case.

Called by /examenes/<acta>/tribunal and by ``cartulario person tribunal``.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import people
from engine.actas.examen import Mesa, acta_by_base, get_mesa, register_address
from engine.errors import NotFound
from engine.inbound.office_people import By, Office
from engine.storage.events import append_event
from engine.storage.tables import case, mesa_examen

log = logging.getLogger(__name__)

EDITORS = frozenset({"sgpyec", "administrador"})


def may_edit(roles: Collection[str], mesa: Mesa) -> bool:
    """The postgraduate office, the mesa's Departamento, the administration."""
    return bool(EDITORS & set(roles)) or f"departamento:{mesa.departamento}" in roles


def change_professor_address(app: Office, by: By, base: str, n: int, address: str) -> None:
    """Raises NotFound (also for who may not), InvalidAnswers, Conflict."""
    with app.database.write() as conn:
        mesa = get_mesa(conn, acta_by_base(conn, base).mesa_id)
        today = app.clock.now().astimezone(app.config.zone).date()
        if isinstance(by, UUID) and not may_edit(people.roles_of(conn, by, today), mesa):
            raise NotFound()
        case_id = _locked_case(conn, mesa.id)
        changed = register_address(conn, mesa.id, n, address)
        if changed is None:
            return
        before, now = changed
        if case_id is not None:
            text = f"{before.name}: {before.email or 'sin correo'} → {now}"
            data = {"text": text, "mesa": str(mesa.id), "n": n, "address": [before.email, now]}
            operator = {"operator": by} if isinstance(by, str) else {}
            author = by if isinstance(by, UUID) else None
            at = app.clock.now()
            append_event(conn, case_id, "professor_address", at=at, actor=author, data=data | operator)
        who = by if isinstance(by, str) else people.get_person(conn, by).username
        log.info("tribunal of %s: address of professor %s (by %s)", base, n, who)


def _locked_case(conn: Connection, mesa_id: UUID) -> UUID | None:
    """Before the mesa, as every command does."""
    query = sa.select(case.c.id).join(mesa_examen, mesa_examen.c.case_id == case.c.id)
    return conn.scalar(query.where(mesa_examen.c.id == mesa_id).with_for_update(of=case))
