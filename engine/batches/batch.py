"""A batch and its items as values, and the few statements that write them. Each function takes the caller's
transaction. A batch of signatures is its signer's alone; the others belong to the office that made them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFound, RequestReused
from engine.inbox import Viewer
from engine.storage.tables import batch, batch_item, numbering

Kind = Literal["firma", "solicitudes", "impresion"]
State = Literal["draft", "running", "interrupted", "stopped", "done"]
OFFICE: Final = frozenset({"secretaria", "jefe_secretaria"})
MOST: Final = 500  # tasks of one batch
SILENCE: Final = timedelta(seconds=20)  # without a beat, who carried it on is gone


@dataclass(frozen=True, slots=True)
class Batch:
    id: UUID
    number: str
    kind: Kind
    person_id: UUID
    process: str | None
    title: str
    status: str
    why: str | None
    runner: UUID | None
    beat_at: datetime | None
    document_id: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    counts: Mapping[str, int]  # by status of its items

    @property
    def state(self) -> State:
        """``running`` only while its process shows that it lives (by the clock of the machine, not of the office)."""
        if self.status == "running" and (self.beat_at is None or datetime.now(UTC) - self.beat_at > SILENCE):
            return "interrupted"
        return self.status  # type: ignore[return-value]  # written by this room alone, from State

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.counts.get("done", 0)

    @property
    def refused(self) -> int:
        return self.counts.get("refused", 0)

    @property
    def waiting(self) -> int:
        return self.counts.get("waiting", 0)


@dataclass(frozen=True, slots=True)
class Item:
    n: int
    label: str
    task_id: UUID | None = None
    case_id: UUID | None = None
    document_id: UUID | None = None
    status: str = "waiting"  # waiting | done | refused
    reason: str | None = None
    data: Mapping[str, Any] | None = field(default=None, repr=False)
    at: datetime | None = None


_BATCH = [batch.c[name] for name in Batch.__dataclass_fields__ if name != "counts"]
_ITEM = [batch_item.c[name] for name in Item.__dataclass_fields__]


def create_batch(
    conn: Connection,
    kind: Kind,
    person_id: UUID,
    title: str,
    items: Sequence[Item],
    *,
    year: int,
    at: datetime,
    batch_id: UUID | None = None,
    process: str | None = None,
    document_id: UUID | None = None,
) -> UUID:
    """A draft. With the ``batch_id`` of one that is there already (the same page sent twice), that one. Raises
    RequestReused when that one is of another kind or another person."""
    new_id, number = batch_id or uuid.uuid4(), _next_number(conn, year)  # who is second waits here for the first
    earlier = conn.execute(sa.select(batch.c.kind, batch.c.person_id).where(batch.c.id == new_id)).one_or_none()
    if earlier is not None:
        if earlier != (kind, person_id):
            raise RequestReused()
        return new_id
    values = {
        "id": new_id,
        "number": number,
        "kind": kind,
        "person_id": person_id,
        "process": process,
        "title": title[:200],
        "status": "draft",
        "document_id": document_id,
        "created_at": at,
    }
    conn.execute(batch.insert().values(values))
    rows = [{name: getattr(item, name) for name in Item.__dataclass_fields__} for item in items]
    conn.execute(batch_item.insert(), [{**row, "label": row["label"][:300], "batch_id": new_id} for row in rows])
    return new_id


def get_batch(conn: Connection, batch_id: UUID, viewer: Viewer | None = None) -> Batch:
    """Raises NotFound, also for what is not the viewer's."""
    row = conn.execute(sa.select(*_BATCH).where(batch.c.id == batch_id)).one_or_none()
    if row is None or not (viewer is None or may_see(viewer, row)):
        raise NotFound()
    return Batch(**row._mapping, counts=_counts(conn, [batch_id]).get(batch_id, {}))


def may_see(viewer: Viewer, row: Any) -> bool:
    mine = bool(row.person_id == viewer.person_id)
    return mine or (row.kind != "firma" and bool(viewer.roles & OFFICE))


def list_batches(conn: Connection, viewer: Viewer, kind: Kind | None = None, limit: int = 50) -> list[Batch]:
    """The latest first."""
    visible = batch.c.person_id == viewer.person_id
    if viewer.roles & OFFICE:
        visible = sa.or_(visible, batch.c.kind != "firma")
    query = sa.select(*_BATCH).where(visible)
    if kind is not None:
        query = query.where(batch.c.kind == kind)
    rows = conn.execute(query.order_by(batch.c.created_at.desc(), batch.c.number.desc()).limit(limit)).all()
    counts = _counts(conn, [row.id for row in rows])
    return [Batch(**row._mapping, counts=counts.get(row.id, {})) for row in rows]


def list_items(conn: Connection, batch_id: UUID, status: str | None = None) -> list[Item]:
    query = sa.select(*_ITEM).where(batch_item.c.batch_id == batch_id)
    if status is not None:
        query = query.where(batch_item.c.status == status)
    return [Item(**row._mapping) for row in conn.execute(query.order_by(batch_item.c.n))]


def settle(conn: Connection, batch_id: UUID, n: int, at: datetime, **changes: Any) -> None:
    """How an item ended."""
    one = sa.and_(batch_item.c.batch_id == batch_id, batch_item.c.n == n)
    conn.execute(batch_item.update().where(one).values(at=at, **changes))


def _counts(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    query = sa.select(batch_item.c.batch_id, batch_item.c.status, sa.func.count())
    query = query.where(batch_item.c.batch_id.in_(ids)).group_by(batch_item.c.batch_id, batch_item.c.status)
    found: dict[UUID, dict[str, int]] = {}
    for batch_id, status, many in conn.execute(query):
        found.setdefault(batch_id, {})[status] = many
    return found


def _next_number(conn: Connection, year: int) -> str:
    insert: Any = sqlite.insert(numbering) if conn.dialect.name == "sqlite" else postgresql.insert(numbering)
    statement = insert.on_conflict_do_update(
        index_elements=["series", "year"], set_={"next": numbering.c.next + 1}
    ).returning(numbering.c.next)
    following = conn.execute(statement, {"series": "LOTE", "year": year, "next": 2}).scalar_one()
    return f"LOTE-{year}-{following - 1:06d}"
