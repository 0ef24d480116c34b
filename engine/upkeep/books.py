"""After a restore: what was numbered since the backup was made is not known here, and no name of it may be given again
(R-33, R-34). Called by ``cartulario restore`` and ``cartulario grades close-books``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.actas.examen import ClosedLibro, close_open_libros
from engine.storage.unit_of_work import Database
from engine.upkeep.schema import require_current


def close_books(database: Database, at: datetime, known: Sequence[str] = ()) -> list[ClosedLibro]:
    """Which libros of exam actas go on no more. ``known``: names of actas that somebody saw since the backup. Raises
    OutOfDate (the backup is of another release: migrate first) or InvalidAnswers."""
    require_current(database)
    with database.write() as conn:
        return close_open_libros(conn, at, known)
