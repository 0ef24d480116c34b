"""What a student sees of his grades (R-50): published rows only, each as it holds now, and what it replaced beside it.

Called by the student's page and the API. A row is the student's by his account or by his identity document, whichever
of DNI and CUIL the list gave. An account that had the identity by mistake loses sight of what is of whoever has it now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from engine.actas.examen.account import TYPES, accounts_of
from engine.actas.examen.student import Student, identity_of, numbers_of
from engine.storage.tables import acta, historia_academica, mesa_examen, person


@dataclass(frozen=True, slots=True)
class Entry:
    id: UUID
    curso: str
    codigo: str
    horas: int
    nota: str | None  # "8.5"; none: absent
    letras: str
    ausente: bool
    condicion: str
    fecha: Day
    base: str  # of the acta that says so
    acta_id: UUID
    kind: str
    published_at: datetime
    replaced: bool  # by a rectificativa or reconstruida: shown as what it was
    replaced_by: str | None  # the kind of that one: a reconstruida says the same, nothing was wrong


def historia_of(conn: Connection, person_id: UUID, at: datetime, *, replaced: bool = False) -> list[Entry]:
    """Newest examination first; ``replaced``: also the rows that no longer hold."""
    of, later = historia_academica.c, historia_academica.alias("later")
    gone = sa.exists().where(later.c.replaces_id == of.id, later.c.published_at <= at)
    which = acta.alias("which")
    by = (
        sa.select(which.c.kind)
        .join_from(later, which, later.c.acta_id == which.c.id)
        .where(later.c.replaces_id == of.id, later.c.published_at <= at)
        .scalar_subquery()
    )
    from_acta = {"base": acta.c.base, "kind": acta.c.kind, "horas": mesa_examen.c.horas, "replaced": gone}
    from_acta |= {"replaced_by": by}
    columns = [from_acta[name].label(name) if name in from_acta else of[name] for name in Entry.__dataclass_fields__]
    query = (
        sa.select(of.tipo, of.documento, *columns)
        .join_from(historia_academica, acta, of.acta_id == acta.c.id)
        .join(mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
        .where(_theirs(conn, person_id), of.published_at <= at)
        .order_by(of.fecha.desc(), of.curso, of.published_at.desc())
    )
    rows = conn.execute(query if replaced else query.where(~gone)).all()
    whose = [Student("", "", "", tipo, documento) for tipo, documento, *_ in rows]
    holders = accounts_of(conn, whose)
    return [
        Entry(*row[2:])
        for one, row in zip(whose, rows, strict=True)
        if holders.get(one.identity, person_id) == person_id
    ]


def _theirs(conn: Connection, person_id: UUID) -> ColumnElement[bool]:
    of = historia_academica.c
    ways = [of.person_id == person_id]
    known = sa.select(person.c.identity_kind, person.c.identity_number).where(person.c.id == person_id)
    kind, number = conn.execute(known).one_or_none() or (None, None)
    tipo = TYPES.get(str(kind))
    if tipo and number:
        kinds = ("DNI", "CUIL") if tipo in ("DNI", "CUIL") else (tipo,)
        ways.append(sa.and_(of.tipo.in_(kinds), of.documento.in_(sorted(numbers_of(tipo, number)))))
    if tipo == "PAS" and number:  # lists of before kept it as it was written
        bare = sa.func.replace(sa.func.replace(of.documento, "-", ""), " ", "")
        ways.append(sa.and_(of.tipo == tipo, bare == identity_of(tipo, number).removeprefix("PAS ")))
    return sa.or_(*ways)
