"""Books and publication of exam actas, on a PostgreSQL that waits for its disk.

``actas_allocation``: mesas of 43 students opened per second by eight writers at once, against one writer alone in the
same run. The open libro is one row, so eight cannot be faster there; they must not be slower, and no folio may be missing
or double. ``actas_publication``: seconds to publish 100,000 grades in resumable batches, against one bare INSERT …
SELECT of as many rows into a table with the same columns and indexes.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from datetime import time as Hour
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen import PER_ACTA, Schedule, base_name, publish_due
from engine.storage.migrate import create_schema
from engine.storage.tables import acta, acta_paso, calificacion, historia_academica, inscripcion, libro, original
from engine.storage.unit_of_work import Database
from tests.bench.servers import postgresql
from tests.support.examen import AT, DAY, ZONE, open_mesa, prepare, students

WRITERS, MESAS, QUICK_MESAS = 8, 160, 24
GRADES, QUICK_GRADES = 100_000, 5_000
CHUNK = 500  # actas put there at a time
GOAL = 0.85
GOAL_SECONDS = 60.0
SCHEDULE = Schedule(date(2026, 1, 5), 10, Hour(6), ZONE)
LATER = AT + timedelta(days=10)


def run(*, quick: bool = False) -> dict[str, Any]:
    with postgresql() as url:
        database = Database(url, pool_size=WRITERS)
        create_schema(database)
        with database.write() as conn:
            prepare(conn)
        try:
            return {
                "actas_allocation": _allocation(database, QUICK_MESAS if quick else MESAS),
                "actas_publication": _publication(database, QUICK_GRADES if quick else GRADES),
            }
        finally:
            database.close()


def _allocation(database: Database, mesas: int) -> dict[str, Any]:
    open_mesa(database, 43)  # warm
    alone = _opened(database, mesas, 1)
    together = _opened(database, mesas, WRITERS)
    ratio = together / alone
    met = ratio >= GOAL and _whole(database)
    return {"value": together, "against": alone, "ratio": ratio, "goal": GOAL, "met": met, "unit": "mesas/s"}


def _opened(database: Database, mesas: int, writers: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(lambda _: open_mesa(database, 43, capacity=50), range(mesas)))
    return mesas / (time.perf_counter() - began)


def _whole(database: Database) -> bool:
    """No gap and no double."""
    with database.read() as conn:
        rows = conn.execute(sa.select(libro.c.number, acta.c.folio).join_from(acta, libro)).all()
    books: dict[int, list[int]] = {}
    for number, folio in rows:
        books.setdefault(number, []).append(folio)
    return all(sorted(folios) == list(range(1, len(folios) + 1)) for folios in books.values())


def _publication(database: Database, grades: int) -> dict[str, Any]:
    mesa_id = open_mesa(database, 1)
    with database.write() as conn:
        _put_locked(conn, mesa_id, grades)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("VACUUM ANALYZE")
    began = time.perf_counter()
    done = publish_due(database, SCHEDULE, LATER)
    taken = time.perf_counter() - began
    bare = _bare(database)
    met = done.grades == grades and taken <= GOAL_SECONDS
    return {"value": taken, "against": bare, "ratio": taken / bare, "goal": GOAL_SECONDS, "met": met, "unit": "s"}


def _put_locked(conn: Connection, mesa_id: UUID, grades: int) -> None:
    """Locked actas of 21 and their grades, as many as asked for, put there past the triggers."""
    conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
    book, sha256 = uuid4(), "a" * 64
    kept = {"sha256": sha256, "size": 1, "media_type": "application/pdf", "stored_at": AT}
    conn.execute(original.insert().values(kept))
    conn.execute(libro.insert().values(id=book, year=2020, number=1, capacity=9_999, next_folio=1, opened_at=AT))
    listed = students(grades, first=1_000)
    for start in range(0, grades, CHUNK * PER_ACTA):
        rows: dict[sa.Table, list[dict[str, Any]]] = {acta: [], inscripcion: [], calificacion: [], acta_paso: []}
        for first in range(start, min(start + CHUNK * PER_ACTA, grades), PER_ACTA):
            folio, acta_id = first // PER_ACTA + 1, uuid4()
            rows[acta].append(_locked(acta_id, mesa_id, book, folio, sha256))
            rows[acta_paso].append(_paso(acta_id))
            for fila, one in enumerate(listed[first : min(first + PER_ACTA, grades)], 1):
                who = {name: getattr(one, name) for name in type(one).__dataclass_fields__}
                rows[inscripcion].append(
                    who | {"mesa_id": mesa_id, "n": first + fila + 9, "acta_id": acta_id, "fila": fila}
                )
                rows[calificacion].append(_grade(acta_id, fila))
        for table, made in rows.items():
            conn.execute(table.insert(), made)


def _locked(acta_id: UUID, mesa_id: UUID, book: UUID, folio: int, sha256: str) -> dict[str, Any]:
    numbered = {"n": folio + 9, "libro_id": book, "folio": folio, "base": base_name(2020, 1, folio), "kind": "normal"}
    locked: dict[str, datetime | str] = {"state": "bloqueada", "state_at": AT, "locked_at": AT, "created_at": AT}
    return {"id": acta_id, "mesa_id": mesa_id, "original_sha256": sha256, "search": " "} | numbered | locked


def _paso(acta_id: UUID) -> dict[str, Any]:
    return {"id": uuid4(), "acta_id": acta_id, "n": 1, "to": "bloqueada", "at": AT, "job_key": str(acta_id)}


def _grade(acta_id: UUID, fila: int) -> dict[str, Any]:
    said = {"nota": "8", "letras": "ocho", "ausente": False, "condicion": "aprobado"}
    return said | {"acta_id": acta_id, "fila": fila, "fecha": DAY}


def _bare(database: Database) -> float:
    """The database alone, on the same rows."""
    name = historia_academica.name
    with database.write() as conn:
        conn.exec_driver_sql(f"CREATE TABLE bare (LIKE {name} INCLUDING ALL)")
    began = time.perf_counter()
    with database.write() as conn:
        conn.exec_driver_sql(f"INSERT INTO bare SELECT * FROM {name}")
    return time.perf_counter() - began
