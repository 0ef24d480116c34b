"""The norm behind all this: its facts (R-1 … R-3), the offices that its article 6 names, and who took note (R-24).

An office takes note through a person who holds its role that day. Offices that have no role here, because they take no
part in the circuit, are told as such: whoever administers the system may hold ``norma:<code>`` for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.departamento import list_departamentos
from engine.actas.examen.once import insert_once
from engine.errors import NotAllowed
from engine.storage.tables import norma_nota

SCOPE = "norma"  # of the roles of offices that take part in nothing else


@dataclass(frozen=True, slots=True)
class Norm:
    code: str
    title: str
    body: str
    file: str
    place: str
    day: Day
    frames: tuple[str, ...]
    considered: tuple[str, ...]


NORM = Norm(
    "CSU-142/21",
    "Reglamentación, validación, control y guarda de actas de exámenes de posgrado",
    "Consejo Superior Universitario",
    "Expte. 1654/12",
    "Bahía Blanca",
    Day(2021, 4, 15),
    ("Resolución CSU-751/2016", "Resolución CSU-372/2019", "Resolución CSU-311/2015"),
    ("Ley 27.541", "Decreto 235/2021"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """One of the distribution list. ``what``: conocimiento | giro | razon, the article's own words."""

    code: str
    name: str
    what: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    office: str
    role: str
    person_id: UUID
    at: datetime


_NAMED = (
    ("sgpyec", "Secretaría General de Posgrado y Educación Continua", "conocimiento", ("sgpyec",)),
    ("academica", "Secretaría General Académica", "giro", ()),
    ("gestion_academica", "Dirección General de Gestión Académica", "giro", ("autoridad_gestion",)),
    ("curricular", "Dirección de Gestión Administrativa Curricular", "giro", ()),
    ("personal", "Dirección General de Personal", "razon", ()),
    ("boletin", "Dirección de Boletín Oficial y Digesto", "razon", ()),
)


def offices(conn: Connection) -> list[Office]:
    """In the article's order; each Departamento is one."""
    found = [Office(code, name, what, (*roles, f"{SCOPE}:{code}")) for code, name, what, roles in _NAMED]
    departments = [
        Office(
            f"departamento:{one.code}",
            one.name,
            "razon",
            (f"departamento:{one.code}", f"autoridad_departamental:{one.code}"),
        )
        for one in list_departamentos(conn)
    ]
    return [*found[:-1], *departments, found[-1]]


def offices_of(found: Iterable[Office], roles: Collection[str]) -> list[Office]:
    """Those for which a holder of ``roles`` may take note."""
    return [one for one in found if set(one.roles) & set(roles)]


def take_note(conn: Connection, office: str, person_id: UUID, roles: Collection[str], at: datetime) -> Note:
    """Once for each person and office; repeated, the first counts. Raises NotAllowed."""
    mine = next((one for one in offices_of(offices(conn), roles) if one.code == office), None)
    if mine is None:
        raise NotAllowed("Toma conocimiento quien ejerce hoy una función de esa oficina.")
    role = next(role for role in mine.roles if role in roles)
    key, of = f"{NORM.code}:{office}:{person_id}", norma_nota.c
    row = {"id": uuid4(), "norma": NORM.code, "office": office, "role": role, "person_id": person_id, "at": at}
    insert_once(conn, norma_nota, row | {"job_key": key})
    found = sa.select(*(of[name] for name in Note.__dataclass_fields__)).where(of.job_key == key)
    return Note(*conn.execute(found).one())


def notes(conn: Connection) -> list[Note]:
    """Who took note, the first first."""
    of = norma_nota.c
    query = sa.select(*(of[name] for name in Note.__dataclass_fields__)).where(of.norma == NORM.code)
    return [Note(*row) for row in conn.execute(query.order_by(of.at, of.office))]
