"""What nobody filed: requests begun and never sent, and the files sent for them. They hold personal data and belong to
no case.

Run each night by ``cartulario archive clean``. A draft goes when its thirty days are over. A file goes when it was sent
``days`` ago or more, belongs to no case, and is named by no draft that is still kept and by no other record. Its bytes
go too, unless something else has the same content: the archive keeps one copy for all, and what any record names is
never touched (docs/decisions/0018).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.archive import DISCARDED, LEAVING, Archive
from engine.cases.drafts import drop_old_drafts
from engine.storage.tables import document, metadata, original, request_draft, task, unsent_form
from engine.storage.unit_of_work import Database

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cleaning:
    documents: int  # uploads forgotten
    originals: int  # contents let go of
    kept: int  # contents that something else also has
    drafts: int = 0  # requests forgotten


def drop_unfiled(database: Database, archive: Archive, at: datetime, days: int) -> Cleaning:
    """Two steps, each safe to repeat: first the records, then the bytes that nothing names."""
    with database.write() as conn:
        drafts = drop_old_drafts(conn, at)
        gone = _forget(conn, at - timedelta(days=days))
        leaving = _unnamed(conn, set(gone))
        marked = original.c.sha256.in_(sorted(leaving))
        conn.execute(original.update().where(marked).values(fixity=LEAVING, checked_at=at))
        waiting = list(conn.scalars(sa.select(original.c.sha256).where(original.c.fixity == LEAVING)))
    let_go = sum(_let_go(database, archive, sha256, at) for sha256 in waiting)
    return Cleaning(len(gone), let_go, len(set(gone)) - len(leaving), drafts)


def _forget(conn: Connection, before: datetime) -> list[str]:
    """The records of uploads of no case, older than that, that nobody still writes about; their contents."""
    loose = (document.c.case_id.is_(None)) & (document.c.kind == "upload") & (document.c.created_at < before)
    for column in _naming(document.c.id):
        loose &= document.c.id.not_in(sa.select(column).where(column.is_not(None)))
    found = conn.execute(sa.select(document.c.id, document.c.sha256).where(loose)).all()
    written = set(_in_drafts(conn))
    going = [row for row in found if str(row.id) not in written]
    for start in range(0, len(going), 500):
        ids = [row.id for row in going[start : start + 500]]
        conn.execute(document.delete().where(document.c.id.in_(ids), document.c.case_id.is_(None)))
    return [row.sha256 for row in going]


def _in_drafts(conn: Connection) -> Iterator[str]:
    """Every id that something begun and not sent names."""
    kept = sa.union_all(
        sa.select(sa.cast(request_draft.c.answers, sa.Text)),
        sa.select(sa.cast(task.c.draft, sa.Text)).where(task.c.draft.is_not(None), task.c.status == "open"),
        sa.select(sa.cast(unsent_form.c.fields, sa.Text)),
    )
    for text in conn.scalars(kept):
        yield from (found.lower() for found in _UUID.findall(text or ""))


def _naming(column: sa.Column[object]) -> list[sa.Column[object]]:
    """Every column of any table that refers to this one."""
    keys = (key for table in metadata.sorted_tables for key in table.foreign_keys)
    return [key.parent for key in keys if key.column is column]


def _unnamed(conn: Connection, contents: set[str]) -> set[str]:
    named: set[str] = set()
    for column in _naming(original.c.sha256):
        named |= set(conn.scalars(sa.select(column).where(column.in_(sorted(contents)))))
    return contents - named


def _let_go(database: Database, archive: Archive, sha256: str, at: datetime) -> bool:
    """Under the original's lock, which a record that names it would have to share."""
    with database.write() as conn:
        row = sa.select(original.c.fixity).where(original.c.sha256 == sha256).with_for_update()
        if conn.execute(row).scalar_one() != LEAVING:
            return False
        if not _unnamed(conn, {sha256}):  # it was sent again meanwhile
            conn.execute(original.update().where(original.c.sha256 == sha256).values(fixity=None))
            return False
        if not archive.discard(sha256):
            return False  # put again just now: the next night looks again
        conn.execute(original.update().where(original.c.sha256 == sha256).values(fixity=DISCARDED, checked_at=at))
        return True
