"""When and how grades become visible: every ten calendar days, what was locked by then (R-50).

A grade is invisible because its row of ``historia_academica`` does not exist: it is written here, on a publication's
instant or later, never before. Batches are small transactions that may be cut off anywhere: what is published is no
longer locked only, so the next run goes on with the rest and writes nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.account import accounts_of
from engine.actas.examen.acta import Enrolment, students_of_all
from engine.actas.examen.lineage import REBUILT, origin_of
from engine.errors import Conflict
from engine.storage.tables import acta, acta_paso, calificacion, historia_academica, mesa_examen
from engine.storage.unit_of_work import Database

BATCH = 200  # actas of one transaction


class Settings(Protocol):
    """What of the configuration says when."""

    @property
    def publication_from(self) -> Day: ...
    @property
    def publication_days(self) -> int: ...
    @property
    def publication_time(self) -> time: ...
    @property
    def zone(self) -> ZoneInfo: ...


@dataclass(frozen=True, slots=True)
class Schedule:
    """From a first day on, every so many calendar days, at a time of the institution."""

    first: Day
    days: int
    at: time
    zone: ZoneInfo

    @classmethod
    def of(cls, config: Settings) -> Schedule:
        return cls(config.publication_from, config.publication_days, config.publication_time, config.zone)

    def on_or_after(self, instant: datetime) -> datetime:
        """The first publication that is not before ``instant``: that of an acta locked then."""
        day = instant.astimezone(self.zone).date()
        rounds = max(0, -(-(day - self.first).days // self.days))
        found = self._instant(rounds)
        return found if found >= instant else self._instant(rounds + 1)

    def last(self, instant: datetime) -> datetime | None:
        """The last publication that is not after ``instant``; none before the first."""
        rounds = (instant.astimezone(self.zone).date() - self.first).days // self.days
        while rounds >= 0:
            if (found := self._instant(rounds)) <= instant:
                return found
            rounds -= 1
        return None

    def _instant(self, rounds: int) -> datetime:
        return datetime.combine(self.first + timedelta(days=rounds * self.days), self.at, self.zone)


@dataclass(frozen=True, slots=True)
class Published:
    actas: int
    grades: int


def publish_due(database: Database, schedule: Schedule, at: datetime, *, batch: int = BATCH) -> Published:
    """Everything that was locked by the last publication. Cut off, it is simply called again."""
    actas = grades = 0
    last = schedule.last(at)
    while last is not None:
        with database.write() as conn:
            due = (acta.c.state == "bloqueada", acta.c.locked_at <= last)
            found = sa.select(acta.c.id).where(*due).order_by(acta.c.locked_at, acta.c.base).limit(batch)
            chosen = list(conn.execute(found.with_for_update()).scalars())
            grades += _publish(conn, chosen, at)
        actas += len(chosen)
        if len(chosen) < batch:
            break
    return Published(actas, grades)


def publish(conn: Connection, acta_ids: Sequence[UUID], schedule: Schedule, at: datetime) -> Published:
    """These actas, and those that they are about. What is published already stays as it is.

    Raises Conflict when one is not locked, or when its publication has not come yet.
    """
    columns = (acta.c.id, acta.c.base, acta.c.state, acta.c.locked_at)
    wanted = sa.select(*columns).where(acta.c.id.in_(_with_earlier(conn, acta_ids)))
    chosen = []
    for row in conn.execute(wanted.order_by(acta.c.locked_at, acta.c.base).with_for_update()).all():
        if row.state == "publicada":
            continue
        if row.state != "bloqueada":
            raise Conflict(f"El acta {row.base} no está bloqueada: sus notas no se publican todavía.")
        if (when := schedule.on_or_after(row.locked_at)) > at:
            local = when.astimezone(schedule.zone)
            raise Conflict(f"El acta {row.base} se publica el {local:%d/%m/%Y} a las {local:%H:%M}, no antes (R-50).")
        chosen.append(row.id)
    return Published(len(chosen), _publish(conn, chosen, at))


def _with_earlier(conn: Connection, acta_ids: Sequence[UUID]) -> set[UUID]:
    """A rectificativa follows what it rectifies."""
    found, earlier = set(acta_ids), set(acta_ids)
    while earlier:
        about = sa.select(acta.c.about_id).where(acta.c.id.in_(earlier), acta.c.about_id.is_not(None))
        earlier = set(conn.execute(about).scalars()) - found
        found |= earlier
    return found


def _publish(conn: Connection, chosen: Sequence[UUID], at: datetime) -> int:
    """Write what students see of these locked actas, in this order. How many grades."""
    if not chosen:
        return 0
    students = students_of_all(conn, chosen)
    rows = _rows(conn, chosen, students, at)
    for start in range(0, len(rows), 1_000):
        conn.execute(historia_academica.insert(), rows[start : start + 1_000])
    steps = _steps(conn, chosen, at)
    conn.execute(acta.update().where(acta.c.id.in_(chosen)).values(state="publicada", state_at=at, published_at=at))
    conn.execute(acta_paso.insert(), steps)
    return len(rows)


def _rows(
    conn: Connection, chosen: Sequence[UUID], students: dict[UUID, list[Enrolment]], at: datetime
) -> list[dict[str, Any]]:
    facts = {
        row.id: row
        for row in conn.execute(
            sa.select(acta.c.id, acta.c.kind, acta.c.about_id, mesa_examen.c.curso, mesa_examen.c.codigo)
            .join_from(acta, mesa_examen, acta.c.mesa_id == mesa_examen.c.id)
            .where(acta.c.id.in_(chosen))
        )
    }
    grades: dict[UUID, dict[int, Any]] = {}
    for one in conn.execute(sa.select(calificacion).where(calificacion.c.acta_id.in_(chosen))):
        grades.setdefault(one.acta_id, {})[one.fila] = one
    known = accounts_of(conn, [one for rows in students.values() for one in rows])  # as identities are now
    made: list[dict[str, Any]] = []
    current: dict[tuple[UUID, int], UUID] = {}  # rows of this batch, by acta and student
    for acta_id in chosen:
        fact = facts[acta_id]
        origin = origin_of(conn, acta_id) if fact.kind == REBUILT else None
        for student in students[acta_id]:
            grade = grades[acta_id][student.fila]
            replaces = None
            if fact.about_id is not None:
                replaces = _replaced(conn, origin or fact.about_id, student.n, current, made)
            if origin and replaces and origin_of(conn, _said_by(conn, replaces, made)) != origin:
                continue  # a rectificativa of what is rebuilt holds for that student, and goes on holding
            row = {
                "id": uuid4(), "documento": student.documento, "tipo": student.tipo,
                "person_id": known.get(student.identity),
                "acta_id": acta_id, "fila": student.fila, "curso": fact.curso, "codigo": fact.codigo,
                "nota": grade.nota, "letras": grade.letras, "ausente": grade.ausente, "fecha": grade.fecha,
                "condicion": grade.condicion, "replaces_id": replaces, "published_at": at,
            }  # fmt: skip
            current[acta_id, student.n] = row["id"]
            made.append(row)
    return made


def _replaced(
    conn: Connection, about_id: UUID, n: int, current: dict[tuple[UUID, int], UUID], made: list[dict[str, Any]]
) -> UUID | None:
    """The row that holds for that student until now; none when the acta it is about did not have the student."""
    found = current.get((about_id, n)) or _published_row(conn, about_id, n)
    while found is not None:
        query = sa.select(historia_academica.c.id).where(historia_academica.c.replaces_id == found)
        later = conn.scalar(query) or next((row["id"] for row in made if row["replaces_id"] == found), None)
        if later is None:
            break
        found = later
    return found


def _said_by(conn: Connection, row_id: UUID, made: list[dict[str, Any]]) -> UUID:
    """The acta of a row, written already or about to be."""
    of = historia_academica.c
    found = next((row["acta_id"] for row in made if row["id"] == row_id), None)
    return found or UUID(str(conn.scalar(sa.select(of.acta_id).where(of.id == row_id))))


def _published_row(conn: Connection, acta_id: UUID, n: int) -> UUID | None:
    fila = next((one.fila for one in students_of_all(conn, [acta_id])[acta_id] if one.n == n), None)
    of = historia_academica.c
    return conn.scalar(sa.select(of.id).where(of.acta_id == acta_id, of.fila == fila)) if fila is not None else None


def _steps(conn: Connection, chosen: Sequence[UUID], at: datetime) -> list[dict[str, Any]]:
    of = acta_paso.c
    last = sa.select(of.acta_id, sa.func.max(of.n)).where(of.acta_id.in_(chosen)).group_by(of.acta_id)
    return [
        {
            "id": uuid4(), "acta_id": acta_id, "n": n + 1, "from": "bloqueada", "to": "publicada", "at": at,
            "by": None, "note": None, "document_id": None, "job_key": f"{acta_id} publicada",
        }
        for acta_id, n in conn.execute(last)
    ]  # fmt: skip
