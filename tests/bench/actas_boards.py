"""The pages over exam actas on the register of many years: 20,000 actas with 400,000 grades, 240,000 steps and as many
old scans as fill shelves. Each page's median answer of five, the slowest page against its limit, on SQLite and on
PostgreSQL; and the most memory that one of them took.

Rows are put there past the triggers, as no office makes them in a day.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import people
from engine.actas import examen
from engine.storage.migrate import create_schema
from engine.storage.search import search_text
from engine.storage.tables import (
    acta,
    acta_digitalizada,
    acta_ejemplar,
    acta_paso,
    calificacion,
    departamento,
    document,
    inscripcion,
    libro,
    mesa_examen,
    original,
)
from engine.storage.unit_of_work import Database
from tests.bench.servers import postgresql
from tests.support.face import MONDAY, House, open_house

ACTAS, QUICK_ACTAS = 20_000, 2_000
PER_ACTA, PER_MESA = 20, 2
OPEN = 600  # of them, on their way
SCANS = 4  # actas for each old scan
TIMES = 5
GOAL, GOAL_YEARS, GOAL_PEAK = 300.0, 1_500.0, 12.0  # ms, ms of the pages over three years, MB
SHA = "a" * 64
FIRST = datetime(2024, 2, 5, 14, tzinfo=MONDAY.tzinfo)
SURNAMES = ("Ñáñez", "Güemes", "D'Angelo", "Peñafiel", "Sagñay", "Bermúdez", "Quishpe", "Ibarra", "Lema", "Ordóñez")
PAGES = (
    "/examenes",
    "/examenes?q=quishpe+1234",
    "/examenes?q=seminario+77",
    "/examenes?q=L3+F12",
    "/examenes?estado=en_carga&pendientes=1",
    "/examenes/tablero",
    "/examenes/mesas",
    "/examenes/mesas?todas=1&q=seminario",
    "/examenes/ejemplares",
    "/examenes/ejemplares?faltan=1",
    "/examenes/ejemplares?q=estante+7",
    "/examenes/ejemplares?sin_contar=365",
    "/examenes/control",
    "/examenes/antiguas",
    "/examenes/antiguas?q=quishpe",
)

YEARS = ("/examenes/tablero?desde=2024-01-01", "/examenes/control?desde=2024-01-01")  # every acta that there is


def run(*, quick: bool = False) -> dict[str, Any]:
    count, found = QUICK_ACTAS if quick else ACTAS, {}
    with tempfile.TemporaryDirectory() as folder:
        found |= _measured("sqlite", f"sqlite:///{folder}/boards.db", Path(folder), count)
        with postgresql() as url:
            found |= _measured("postgresql", url, Path(folder), count)
    return found


def _measured(kind: str, url: str, folder: Path, count: int) -> dict[str, Any]:
    with filled(url, folder, count) as house:
        visitor = house.enter("jefa")
        return {
            f"actas_boards_{kind}": _slowest(visitor, PAGES, GOAL),
            f"actas_years_{kind}": _slowest(visitor, YEARS, GOAL_YEARS),
        }


def _slowest(visitor: Any, pages: Sequence[str], goal: float) -> dict[str, Any]:
    taken, peaks = {}, {}
    for page in pages:
        taken[page] = statistics.median(_time(visitor, page) for _ in range(TIMES))
        tracemalloc.start()
        visitor.open(page)
        peaks[page] = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        print(f"  {taken[page]:7.0f} ms {peaks[page]:6.1f} MB  {page}", flush=True)
    slowest, peak = max(taken.values()), max(peaks.values())
    met = slowest <= goal and peak <= GOAL_PEAK
    unit = f"ms, the slowest of {len(pages)} pages; {peak:.1f} MB at most"
    return {"value": slowest, "against": statistics.median(taken.values()), "goal": goal, "met": met, "unit": unit}


def _time(visitor: Any, page: str) -> float:
    began = time.perf_counter()
    answer = visitor.open(page)
    if answer.status_code != 200:
        raise RuntimeError(f"{page} answers {answer.status_code}")
    return (time.perf_counter() - began) * 1000


@contextmanager
def filled(url: str, folder: Path, count: int) -> Iterator[House]:
    """An office with so many actas, and «jefa» of the postgraduate office to look at them."""
    database = Database(url)
    create_schema(database)
    database.close()
    house = open_house(url, folder)
    house.person("jefa", "Ana Lucía", "Güemes", "sgpyec")
    with house.app.database.write() as conn:
        _unguarded(conn)
        fill(conn, count)
    with house.app.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("ANALYZE")
    try:
        yield house
    finally:
        house.app.close()


def _unguarded(conn: Connection) -> None:
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        return
    for (name,) in conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        conn.exec_driver_sql(f'DROP TRIGGER "{name}"')


def fill(conn: Connection, count: int) -> None:
    conn.execute(original.insert().values(sha256=SHA, size=1, media_type="application/pdf", stored_at=FIRST))
    codes = [f"dpto{n:02d}" for n in range(14)]
    conn.execute(departamento.insert(), [{"code": one, "name": f"Departamento {one}", "active": True} for one in codes])
    docentes = [_docente(conn, n) for n in range(120)]
    books = {year: uuid4() for year in (2024, 2025, 2026)}
    conn.execute(
        libro.insert(),
        [
            {"id": key, "year": year, "number": 1, "capacity": 99_999, "next_folio": 1, "opened_at": FIRST}
            for year, key in books.items()
        ],
    )
    step = timedelta(days=1_000) / count
    for start in range(0, count, 500):
        rows: dict[sa.Table, list[dict[str, Any]]] = {
            table: [] for table in (mesa_examen, acta, inscripcion, calificacion, acta_paso, acta_ejemplar)
        }
        for n in range(start, min(start + 500, count)):
            _put(rows, n, FIRST + n * step, books, codes, docentes, n >= count - OPEN)
        for table, made in rows.items():
            if made:
                conn.execute(table.insert(), made)
    _scans(conn, count // SCANS)


def _docente(conn: Connection, n: int) -> UUID:
    who = {"given_names": f"Docente {n}", "family_names": SURNAMES[n % 10], "email": f"d{n}@une.example"}
    return people.create_person(conn, username=f"docente{n}", at=FIRST, **who)


def _put(
    rows: dict[sa.Table, list[dict[str, Any]]],
    n: int,
    at: datetime,
    books: dict[int, UUID],
    codes: list[str],
    docentes: list[UUID],
    waits: bool,
) -> None:
    turn, acta_id = n // PER_MESA, uuid4()
    if n % PER_MESA == 0:
        mesa_id = uuid4()
        what = {"curso": f"Seminario {turn} de métodos aplicados", "codigo": f"P-{turn}", "horas": 60, "escala": "uns"}
        who = {"departamento": codes[turn % 14], "docente_id": docentes[turn % 120], "job_key": str(mesa_id)}
        rows[mesa_examen].append({"id": mesa_id, "fecha": at.date(), "created_at": at} | what | who)
    else:
        mesa_id = rows[mesa_examen][-1]["id"]
    states = examen.CIRCUIT[: 1 + n % 9] if waits else examen.CIRCUIT
    end = at + timedelta(hours=30) * (len(states) - 1)
    locked = None if waits else end
    listed = [(f"{SURNAMES[(n + k) % 10]} {n}", f"Nombre {k}", str(20_000_000 + n * 20 + k)) for k in range(PER_ACTA)]
    base = examen.base_name(at.year, 1, n + 1)
    text = search_text(
        [base, f"Seminario {turn} de métodos aplicados", f"Docente {turn % 120}", *(x for one in listed for x in one)]
    )
    rows[acta].append(
        {"id": acta_id, "mesa_id": mesa_id, "n": n % PER_MESA + 1, "libro_id": books[at.year], "folio": n + 1,
         "base": base, "kind": "normal", "created_at": at, "state": states[-1], "state_at": end, "locked_at": locked,
         "published_at": locked, "original_sha256": SHA if locked else None, "search": f" {text} "}
    )  # fmt: skip
    back = {4: "Falta la fecha de la fila 3.", 7: "La firma no es de la autoridad."}
    for k, state in enumerate(states):
        before = states[k - 1] if k else None
        rows[acta_paso].append(
            {"id": uuid4(), "acta_id": acta_id, "n": k + 1, "from": before, "to": state, "job_key": str(uuid4()),
             "at": at + timedelta(hours=30) * k, "note": back.get(k) if n % 17 == 0 else None}
        )  # fmt: skip
    for k, (family, given, number) in enumerate(listed):
        rows[inscripcion].append(
            {"mesa_id": mesa_id, "n": n % PER_MESA * PER_ACTA + k + 1, "expediente": f"PG-{k}", "apellidos": family,
             "nombres": given, "tipo": "DNI", "documento": number, "acta_id": acta_id, "fila": k + 1}
        )  # fmt: skip
        if locked:
            rows[calificacion].append(
                {"acta_id": acta_id, "fila": k + 1, "nota": "8", "letras": "ocho", "ausente": False,
                 "fecha": at.date(), "condicion": "aprobado"}
            )  # fmt: skip
    if locked and n % 11:
        for what, place in (("printed", None), ("shelved", f"Estante {n % 40}, caja {n % 7}")):
            rows[acta_ejemplar].append(
                {"id": uuid4(), "acta_id": acta_id, "what": what, "place": place, "at": end, "job_key": str(uuid4())}
            )


def _scans(conn: Connection, count: int) -> None:
    paper = uuid4()
    facts = {"kind": "issued", "name": "a.pdf", "title": "Certificación", "media_type": "application/pdf", "size": 1}
    conn.execute(document.insert().values(id=paper, sha256=SHA, created_at=FIRST, **facts))
    for start in range(0, count, 500):
        made = []
        for n in range(start, min(start + 500, count)):
            base, names = f"{1990 + n % 25}-L0001-F{n + 1:04d}", ", ".join(f"{one} {n}" for one in SURNAMES)
            made.append(
                {"id": uuid4(), "base": base, "n": 1, "curso": f"Curso {n}", "fecha": date(1990 + n % 25, 6, 1),
                 "articulo": 3, "texto": False, "document_id": paper, "sha256": SHA, "certificate_id": paper,
                 "estudiantes": names, "search": f" {search_text([base, names])} ", "at": FIRST,
                 "place": f"Caja {n % 90}" if n % 9 else None, "papel": "danado" if n % 50 == 0 else "bueno"}
            )  # fmt: skip
        conn.execute(acta_digitalizada.insert(), made)
