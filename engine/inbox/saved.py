"""Views that a person keeps under a name: filters as their canonical query (I-3)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import InvalidAnswers, NotFound
from engine.inbox.filters import Filters
from engine.storage.tables import saved_filter

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class SavedFilter:
    id: UUID
    name: str
    query: str


def save_filter(conn: Connection, person_id: UUID, name: str, filters: Filters) -> SavedFilter:
    """Under a name already used, it takes its place. Raises InvalidAnswers."""
    name = " ".join(name.split())
    query = filters.with_().query()
    if not name or len(name) > 120:
        raise InvalidAnswers({"name": "Póngale un nombre a la vista, de 120 caracteres como máximo."})
    if len(query) > 1000:
        raise InvalidAnswers({"name": "Esta vista tiene demasiados filtros para guardarla."})
    kept = {found.name: found for found in list_filters(conn, person_id)}
    if name in kept:
        conn.execute(saved_filter.update().where(saved_filter.c.id == kept[name].id).values(query=query))
        return SavedFilter(kept[name].id, name, query)
    if len(kept) >= MOST:
        raise InvalidAnswers({"name": f"Ya tiene {MOST} vistas guardadas; quite alguna."})
    new = SavedFilter(uuid.uuid4(), name, query)
    conn.execute(saved_filter.insert(), {"id": new.id, "person_id": person_id, "name": name, "query": query})
    return new


def list_filters(conn: Connection, person_id: UUID) -> list[SavedFilter]:
    columns = (saved_filter.c.id, saved_filter.c.name, saved_filter.c.query)
    query = sa.select(*columns).where(saved_filter.c.person_id == person_id).order_by(saved_filter.c.name)
    return [SavedFilter(*row) for row in conn.execute(query)]


def delete_filter(conn: Connection, person_id: UUID, filter_id: UUID) -> None:
    """Raises NotFound, also for somebody else's."""
    own = sa.and_(saved_filter.c.id == filter_id, saved_filter.c.person_id == person_id)
    if not conn.execute(saved_filter.delete().where(own)).rowcount:
        raise NotFound()
