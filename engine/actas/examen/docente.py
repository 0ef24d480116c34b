"""A docente replaced mid-way: who is responsible for a mesa from now on, and who was, with the reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import actas_of_mesa, get_mesa, students_of
from engine.actas.examen.mesa import acta_search
from engine.actas.examen.once import insert_once
from engine.actas.examen.state import ANNULLED, LOCKED
from engine.errors import Conflict, InvalidAnswers
from engine.storage.tables import acta, docente_cambio, mesa_examen, person, tribunal


def replace_docente(
    conn: Connection, mesa_id: UUID, docente_id: UUID, *, reason: str, job_key: str, by: UUID | None, at: datetime
) -> None:
    """Responsible from now on for the actas that are not locked; while none of the mesa has a statement, also where the
    tribunal names the former one: who examined is not renamed. Who is responsible already stays so: each case that
    carries an acta of the mesa says it once. Raises InvalidAnswers, Conflict (all of them are locked)."""
    conn.execute(sa.select(mesa_examen.c.id).where(mesa_examen.c.id == mesa_id).with_for_update())
    mesa = get_mesa(conn, mesa_id)
    if not reason.strip():
        raise InvalidAnswers({"motivo": "Diga por qué cambia el docente responsable."})
    new = conn.execute(
        sa.select(person.c.given_names, person.c.family_names).where(person.c.id == docente_id, person.c.active)
    ).one_or_none()
    if new is None:
        raise InvalidAnswers({"docente": "El docente responsable debe estar registrado y activo."})
    held = sa.select(acta.c.id).where(acta.c.mesa_id == mesa_id).order_by(acta.c.base)
    conn.execute(held.with_for_update())  # a statement that is being accepted is seen
    actas = actas_of_mesa(conn, mesa_id)
    locked = any(one.state in LOCKED for one in actas)
    over = locked and all(one.state in (*LOCKED, ANNULLED) for one in actas)
    if docente_id == mesa.docente_id and not over:
        return
    row = {"id": uuid4(), "mesa_id": mesa_id, "from_id": mesa.docente_id, "to_id": docente_id, "by": by, "at": at}
    if not insert_once(conn, docente_cambio, row | {"reason": reason.strip(), "job_key": job_key}):
        return
    if over:
        raise Conflict("La mesa ya tiene bloqueadas todas sus actas: su docente no cambia.")
    conn.execute(mesa_examen.update().where(mesa_examen.c.id == mesa_id).values(docente_id=docente_id))
    if all(one.carga_id is None for one in actas if one.state != ANNULLED):  # else the former one examined some
        former = sa.and_(tribunal.c.mesa_id == mesa_id, tribunal.c.person_id == mesa.docente_id)
        name = f"{new.given_names} {new.family_names}"
        conn.execute(tribunal.update().where(former).values(person_id=docente_id, name=name, email=None))
    for one in actas:
        if one.state not in (*LOCKED, ANNULLED):
            words = acta_search(conn, mesa_id, one.base, students_of(conn, one.id))
            conn.execute(acta.update().where(acta.c.id == one.id).values(search=words))
