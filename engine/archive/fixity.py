"""Are the originals still what they were? Run by ``cartulario archive check`` and nightly (R-51).

Reads every original again, oldest check first, compares it with its SHA-256 and records the finding in its row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.archive.archive import Archive
from engine.storage.tables import original
from engine.storage.unit_of_work import Database

CHUNK = 1024 * 1024
BATCH = 100  # originals of one transaction
LEAVING, DISCARDED = "leaving", "discarded"  # nobody filed it: nothing names it, and its bytes go or are gone


@dataclass(frozen=True, slots=True)
class Damage:
    sha256: str
    fixity: str  # damaged | missing


@dataclass(frozen=True, slots=True)
class FixityReport:
    checked: int
    bytes: int
    damages: tuple[Damage, ...]

    @property
    def intact(self) -> bool:
        return not self.damages


def check_each(
    database: Database, archive: Archive, at: datetime, *, limit: int | None = None, batch: int = BATCH
) -> FixityReport:
    """The same in small transactions: others write meanwhile, and what was checked before a crash is on record."""
    parts: list[FixityReport] = []
    while limit is None or sum(part.checked for part in parts) < limit:
        left = batch if limit is None else min(batch, limit - sum(part.checked for part in parts))
        with database.write() as conn:
            part = check(conn, archive, at, limit=left, not_since=at)
        if not part.checked:
            break
        parts.append(part)
    damages = tuple(damage for part in parts for damage in part.damages)
    return FixityReport(sum(part.checked for part in parts), sum(part.bytes for part in parts), damages)


def check(
    conn: Connection, archive: Archive, at: datetime, *, limit: int | None = None, not_since: datetime | None = None
) -> FixityReport:
    """Check ``limit`` originals (all, when absent), those checked longest ago first; ``not_since``: checked before."""
    query = sa.select(original.c.sha256, original.c.size).where(
        sa.or_(original.c.fixity.is_(None), original.c.fixity.not_in((LEAVING, DISCARDED)))
    )
    if not_since is not None:
        query = query.where(sa.or_(original.c.checked_at.is_(None), original.c.checked_at < not_since))
    rows = conn.execute(query.order_by(original.c.checked_at.nulls_first()).limit(limit)).all()
    damages = []
    for sha256, _size in rows:
        fixity = _fixity(archive, sha256)
        conn.execute(sa.update(original).where(original.c.sha256 == sha256).values(checked_at=at, fixity=fixity))
        if fixity != "intact":
            damages.append(Damage(sha256, fixity))
    return FixityReport(checked=len(rows), bytes=sum(row.size for row in rows), damages=tuple(damages))


def look_again(database: Database, archive: Archive, sha256: str, at: datetime) -> Damage | None:
    """One original, now, and on record; none: it is whole."""
    fixity = _fixity(archive, sha256)
    with database.write() as conn:
        conn.execute(sa.update(original).where(original.c.sha256 == sha256).values(checked_at=at, fixity=fixity))
    return None if fixity == "intact" else Damage(sha256, fixity)


def _fixity(archive: Archive, sha256: str) -> str:
    digest = hashlib.sha256()
    try:
        with open(archive.path(sha256), "rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "damaged"
    return "intact" if digest.hexdigest() == sha256 else "damaged"
