"""The catalogue of Departamentos Académicos: a code, which is also the scope of their roles, and a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import InvalidAnswers
from engine.storage.tables import departamento

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


@dataclass(frozen=True, slots=True)
class Departamento:
    code: str
    name: str
    active: bool


def put_departamento(conn: Connection, code: str, name: str, *, active: bool = True) -> Departamento:
    """One more, or a new name for one. Raises InvalidAnswers."""
    code, name = code.strip().lower(), " ".join(name.split())
    if not _CODE.match(code):
        raise InvalidAnswers({"code": "El código lleva letras minúsculas, cifras y «_», como «quimica»."})
    if not 3 <= len(name) <= 160:
        raise InvalidAnswers({"name": "Escriba el nombre del Departamento, en 160 letras o menos."})
    known = departamento.update().where(departamento.c.code == code)
    if not conn.execute(known.values(name=name, active=active)).rowcount:
        conn.execute(departamento.insert().values(code=code, name=name, active=active))
    return Departamento(code, name, active)


def list_departamentos(conn: Connection, *, active: bool = True) -> list[Departamento]:
    """By name; ``active``: only those in use."""
    query = sa.select(departamento.c.code, departamento.c.name, departamento.c.active).order_by(departamento.c.name)
    return [Departamento(*row) for row in conn.execute(query.where(departamento.c.active) if active else query)]
