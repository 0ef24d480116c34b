"""Whose account a student of a list has: by kind and number of the identity document, never by the number alone.

Called when a mesa is opened, when its grades are published and when a student looks at them. A DNI and the CUIL that
holds it are one person; a passport or a libreta with the same figures as somebody's DNI is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.student import Identified, Student, numbers_of
from engine.storage.tables import person

TYPES = {"dni": "DNI", "cuil": "CUIL", "cedula": "CI", "pasaporte": "PAS"}  # of accounts, as lists write them
_AT_A_TIME = 300  # each may be written in several ways


def accounts_of(conn: Connection, students: Sequence[Identified]) -> dict[str, UUID]:
    """Who of them has an active account here, by ``identity``; two accounts of one identity are nobody's."""
    found: dict[str, list[UUID]] = {}
    of = person.c
    for start in range(0, len(students), _AT_A_TIME):
        some = students[start : start + _AT_A_TIME]
        wanted = {one.identity for one in some}
        numbers = {number for one in some for number in numbers_of(one.tipo, one.documento)}
        query = sa.select(of.id, of.identity_kind, of.identity_number)
        query = query.where(of.active, of.identity_number.in_(sorted(numbers)))
        for holder, kind, number in conn.execute(query):
            identity = _identity(kind, number)
            if identity in wanted:
                found.setdefault(identity, []).append(holder)
    return {identity: holders[0] for identity, holders in found.items() if len(set(holders)) == 1}


def _identity(kind: str | None, number: str) -> str:
    """As ``Student.identity`` writes it; of a kind that lists do not have: nobody's."""
    return Student("", "", "", TYPES[kind], number).identity if kind in TYPES else ""
