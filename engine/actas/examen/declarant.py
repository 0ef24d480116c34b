"""Who may state the grades of an acta: the docente of its mesa now, or who loads by hand what he wrote; nobody his own.
And who answered for them when they were stated, whoever answers for the mesa later.

Called where a statement is checked, before one is accepted (what was accepted by then stays), and where an acta is
told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.account import accounts_of
from engine.actas.examen.acta import Enrolment, Mesa
from engine.storage.tables import docente_cambio, person


def objections(
    conn: Connection, mesa: Mesa, students: Sequence[Enrolment], by: UUID | None, *, by_hand: bool
) -> Iterator[tuple[Enrolment | None, str]]:
    """Why a statement is not taken from whoever made it: about a student's row, or about the whole."""
    if not by_hand and _replaced(conn, mesa, by):
        yield None, f"La declaró quien ya no es el docente de la mesa: debe hacerlo {mesa.docente_name}."
    holders = accounts_of(conn, students)
    for one in students:
        if holders.get(one.identity) in {by or mesa.docente_id, mesa.docente_id}:
            yield one, "es de quien declara o de quien responde por la mesa: debe calificar otro docente."


def docente_of(conn: Connection, mesa: Mesa, by: UUID | None, at: datetime) -> tuple[str, str]:
    """Name and registered address of the docente of a statement: who made it, or, of one loaded by hand, who was
    responsible for the mesa at that instant."""
    of = docente_cambio.c
    later = sa.select(of.from_id).where(of.mesa_id == mesa.id, of.at > at).order_by(of.at, of.id).limit(1)
    who = by or conn.scalar(later)
    if who is None:
        return mesa.docente_name, mesa.docente_email
    told = sa.select(person.c.given_names + " " + person.c.family_names, person.c.email).where(person.c.id == who)
    name, email = conn.execute(told).one()
    return name, email


def _replaced(conn: Connection, mesa: Mesa, by: UUID | None) -> bool:
    """What he stated while it was his is accepted by then, or never."""
    was = (docente_cambio.c.mesa_id == mesa.id) & (docente_cambio.c.from_id == by)
    return by != mesa.docente_id and conn.scalar(sa.select(docente_cambio.c.id).where(was).limit(1)) is not None
