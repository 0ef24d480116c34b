"""The collegiate bodies whose sessions the Secretaría serves: a catalogue that the office extends (C-17)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import InvalidAnswers
from engine.storage.tables import collegiate_body

BODIES = {
    "CGA": "Comisión de Gestión Académica",
    "OCAS": "Órgano Colegiado Académico Superior",
    "JD": "Junta directiva",
    "OTRO": "Otro cuerpo colegiado",
}
_CODE = re.compile(r"[A-Z][A-Z0-9]{0,11}\Z")


@dataclass(frozen=True, slots=True)
class Body:
    code: str
    name: str


def seed_bodies(conn: Connection, at: datetime) -> None:
    """Those that the Carta names; what is there already stays as it is."""
    known = set(conn.execute(sa.select(collegiate_body.c.code)).scalars())
    for code, name in BODIES.items():
        if code not in known:
            conn.execute(collegiate_body.insert().values(code=code, name=name, active=True, created_at=at))


def add_body(conn: Connection, code: str, name: str, at: datetime) -> Body:
    """A body more, or a new name for one. Raises InvalidAnswers."""
    code, name = code.strip().upper(), " ".join(name.split())
    if not _CODE.match(code):
        raise InvalidAnswers({"code": "El código lleva de 1 a 12 letras mayúsculas o números, como «CGA»."})
    if not 3 <= len(name) <= 160:
        raise InvalidAnswers({"name": "Escriba el nombre del órgano, en 160 letras o menos."})
    seed_bodies(conn, at)
    if not conn.execute(sa.update(collegiate_body).where(collegiate_body.c.code == code).values(name=name)).rowcount:
        conn.execute(collegiate_body.insert().values(code=code, name=name, active=True, created_at=at))
    return Body(code, name)


def list_bodies(conn: Connection) -> list[Body]:
    """By name; before any was stored, those of the Carta."""
    query = sa.select(collegiate_body.c.code, collegiate_body.c.name).where(collegiate_body.c.active)
    found = [Body(*row) for row in conn.execute(query.order_by(collegiate_body.c.name))]
    return found or [Body(code, name) for code, name in sorted(BODIES.items(), key=lambda one: one[1])]
