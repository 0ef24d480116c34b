"""Exam actas for tests: a Departamento with its docente and its authority, mesas of any size, and an acta brought to any
state by the acts that bring it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import people
from engine.actas import examen
from engine.storage.tables import document, original, person
from engine.storage.unit_of_work import Database

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
DAY = date(2026, 3, 1)
SIZES = (22, 43, 1)  # of mesas, in turn
MARKS = ("8", "10", "4", "2", "7")


def student(n: int, **changed: str) -> examen.Student:
    """The n-th of any list: no two alike."""
    values = {
        "expediente": f"PG-{n:04d}/26",
        "apellidos": f"Apellido {n:05d}",
        "nombres": f"Nombre {n}",
        "tipo": "DNI",
        "documento": str(20_000_000 + n),
    }
    return examen.Student(**values | changed)


def students(count: int, first: int = 1) -> list[examen.Student]:
    return [student(n) for n in range(first, first + count)]


def prepare(conn: Connection) -> UUID:
    """The Departamento «quimica» and its docente, once."""
    known = conn.scalar(sa.select(person.c.id).where(person.c.username == "docente"))
    if known is not None:
        return UUID(str(known))
    examen.put_departamento(conn, "quimica", "Departamento de Química")
    return people.create_person(
        conn,
        username="docente",
        given_names="Irene",
        family_names="Bermúdez Ñato",
        email="irene@une.example",
        at=AT,
    )


def new_mesa(docente: UUID, enrolled: Sequence[examen.Student], **changed: Any) -> examen.NewMesa:
    values: dict[str, Any] = {
        "curso": "Métodos numéricos aplicados",
        "codigo": "P-4127",
        "horas": 60,
        "fecha": DAY,
        "departamento": "quimica",
        "docente_id": docente,
        "escala": "uns",
        "students": enrolled,
    }
    return examen.NewMesa(**values | changed)


def open_mesa(
    database: Database,
    enrolled: int | Sequence[examen.Student],
    *,
    job_key: str | None = None,
    capacity: int = 500,
    at: datetime = AT,
    **changed: Any,
) -> UUID:
    listed = students(enrolled) if isinstance(enrolled, int) else enrolled
    with database.write() as conn:
        new = new_mesa(prepare(conn), listed, **changed)
        key = job_key or str(uuid4())
        return examen.open_mesa(conn, new, capacity=capacity, job_key=key, by=None, at=at, zone=ZONE)


def actas(database: Database, mesa_id: UUID) -> list[examen.Acta]:
    with database.read() as conn:
        return examen.actas_of_mesa(conn, mesa_id)


def read_acta(database: Database, acta_id: UUID) -> examen.Acta:
    with database.read() as conn:
        return examen.get_acta(conn, acta_id)


def statement(
    conn: Connection, acta_id: UUID, *, mark: str | None = None, absent: Sequence[int] = ()
) -> dict[str, Any]:
    """What a docente states, complete: for ``record_load``. ``absent``: rows."""
    scale = examen.escala(examen.get_mesa(conn, examen.get_acta(conn, acta_id).mesa_id).escala)
    rows = []
    for one in examen.students_of(conn, acta_id):
        nota = mark or MARKS[one.fila % len(MARKS)]
        letras = scale.letters(scale.read(nota))
        away = one.fila in absent
        rows.append({"n": one.fila, "nota": "" if away else nota, "letras": "" if away else letras, "ausente": away})
    examined = sum(not row["ausente"] for row in rows)
    return {"rows": rows, "fecha": DAY, "inscriptos": len(rows), "examinados": examined}


def signed_document(conn: Connection, base: str, content: str | None = None, **other: Any) -> UUID:
    """An acta's PDF that bears a signature, as the archive has it."""
    sha256 = uuid4().hex * 2 if content is None else content.encode().hex().ljust(64, "0")[:64]
    facts = {"size": 10, "media_type": "application/pdf"}
    conn.execute(original.insert().values(sha256=sha256, stored_at=AT, **facts))
    row = {"id": uuid4(), "kind": "issued", "name": f"{base}.pdf", "title": "Acta", "sha256": sha256, "created_at": AT}
    conn.execute(
        document.insert().values(row | facts | {"signatures": [{"signer": "Autoridad", "serial": "1"}]} | other)
    )
    return UUID(str(row["id"]))


def bring(database: Database, acta_id: UUID, state: str, *, at: datetime = AT, **stated: Any) -> None:
    """From where it is to ``state``, step by step, each in its own transaction."""
    while read_acta(database, acta_id).state != state:
        now = read_acta(database, acta_id).state
        following = examen.CIRCUIT[examen.CIRCUIT.index(now) + 1]
        with database.write() as conn:
            go(conn, acta_id, following, at=at, **stated)


def go(
    conn: Connection, acta_id: UUID, to: str, *, at: datetime = AT, job_key: str | None = None, **stated: Any
) -> None:
    """One step forward, by the act that makes it."""
    how = {"job_key": job_key or str(uuid4()), "by": None, "at": at}
    if to == "cargada":
        load = examen.record_load(conn, acta_id, source="web", by=None, at=at, **statement(conn, acta_id, **stated))
        examen.accept_grades(conn, acta_id, load.id, zone=ZONE, **how)
    elif to == "con_notas":
        examen.load_grades(conn, acta_id, **how)
    elif to == "bloqueada":
        examen.lock_acta(conn, acta_id, **how)
    elif to == "firmada":
        examen.move_acta(
            conn, acta_id, to, document_id=signed_document(conn, examen.get_acta(conn, acta_id).base), **how
        )
    else:
        examen.move_acta(conn, acta_id, to, **how)
