"""What a docente states of an acta, by web, by mail or by hand (R-37, R-38): kept as stated, checked, and one accepted.

``record_load`` keeps every statement for ever; ``check_load`` says what of it is wrong; ``accept_grades`` takes the
first complete one as the acta's, and later ones stay beside it. Called by pages, the mail reader and operations.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import Enrolment, get_acta, get_mesa, students_of
from engine.actas.examen.declarant import objections
from engine.actas.examen.escala import ABSENT, Escala, NotAGrade, escala, says_absent
from engine.actas.examen.once import insert_once
from engine.actas.examen.state import lock_row, repeated, step
from engine.actas.examen.written import plain, read_day
from engine.errors import Conflict, InvalidAnswers, NotFound
from engine.storage.tables import acta_carga

SOURCES = ("web", "correo", "mano")
MOST_ROWS = 60  # of a statement, however wrong it is
LONGEST = 80  # letters of one value
OLDEST = timedelta(days=366)  # before the day of the mesa: more is a year that was mistyped


class AlreadyAccepted(Conflict):
    """Another statement of this acta was accepted before: that one counts, this one stays beside it."""

    code = "already_accepted"
    message = "Esta acta ya tiene aceptada otra carga, que llegó antes. La suya queda guardada y a la vista."


class Incomplete(InvalidAnswers):
    """The statement lacks something or contradicts itself; ``faults`` says what, row by row."""

    code = "incomplete_load"

    def __init__(self, faults: Sequence[Fault]) -> None:
        told = {f"filas.{one.fila}" if one.fila else "acta": str(one) for one in reversed(faults)}
        super().__init__(told, "La carga no está completa: " + " ".join(str(one) for one in faults[:5]))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class Row:
    n: int  # the row of the acta
    nota: str | None  # "8.5"; as it was written when it is no grade
    letras: str
    ausente: bool
    fecha: Day | None


@dataclass(frozen=True, slots=True)
class Load:
    id: UUID
    acta_id: UUID
    source: str
    by: UUID | None
    at: datetime
    fecha: Day | None
    rows: tuple[Row, ...]
    inscriptos: int | None
    examinados: int | None
    mail_id: UUID | None
    document_id: UUID | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Fault:
    fila: int | None  # none: of the acta as a whole
    who: str
    message: str
    total: bool = False  # of the totals, not of a row

    def __str__(self) -> str:
        return f"Fila {self.fila}, {self.who}: {self.message}" if self.fila else self.message


def record_load(
    conn: Connection,
    acta_id: UUID,
    *,
    source: str,
    rows: Sequence[Mapping[str, Any]],
    by: UUID | None,
    at: datetime,
    fecha: Day | None = None,
    inscriptos: int | None = None,
    examinados: int | None = None,
    mail_id: UUID | None = None,
    document_id: UUID | None = None,
    sha256: str | None = None,
    job_key: str | None = None,
) -> Load:
    """Keep what was stated, complete or not. A mail states once of each acta; ``job_key`` otherwise names the act.

    ``rows``: n, nota, letras, ausente, fecha (ISO or date), as they were written. Raises InvalidAnswers, NotFound.
    """
    acta = get_acta(conn, acta_id)
    scale = escala(get_mesa(conn, acta.mesa_id).escala)
    if source not in SOURCES or len(rows) > MOST_ROWS:
        raise InvalidAnswers({"filas": f"Una carga viene por {', '.join(SOURCES)} y tiene {MOST_ROWS} filas o menos."})
    key = job_key or (f"correo:{mail_id}:{acta_id}" if mail_id else f"carga:{uuid4()}")
    kept = [_kept(row, scale) for row in rows]
    stated = json.dumps([kept, _iso(fecha), inscriptos, examinados], ensure_ascii=False, sort_keys=True)
    values = {
        "id": uuid4(), "acta_id": acta_id, "source": source, "by": by, "at": at, "fecha": fecha, "rows": kept,
        "inscriptos": _count(inscriptos), "examinados": _count(examinados), "mail_id": mail_id,
        "document_id": document_id, "sha256": sha256 or hashlib.sha256(stated.encode()).hexdigest(), "job_key": key,
    }  # fmt: skip
    insert_once(conn, acta_carga, values)
    return _load(conn.execute(_SELECT.where(acta_carga.c.job_key == key)).one())


def get_load(conn: Connection, carga_id: UUID) -> Load:
    """Raises NotFound."""
    row = conn.execute(_SELECT.where(acta_carga.c.id == carga_id)).one_or_none()
    if row is None:
        raise NotFound("Esa carga de calificaciones no existe.")
    return _load(row)


def stated_by(conn: Connection, acta: str | None, carga: Any, by: UUID) -> bool:
    """Whether ``carga`` is a statement of that acta made by that person, whatever was typed in its place."""
    try:
        wanted, of = UUID(str(carga)), UUID(str(acta))
    except ValueError:
        return False
    own = (acta_carga.c.id == wanted) & (acta_carga.c.acta_id == of) & (acta_carga.c.by == by)
    return conn.scalar(sa.select(acta_carga.c.id).where(own)) is not None


def stated_as(conn: Connection, job_key: str) -> UUID | None:
    """What that very act stated already."""
    return conn.scalar(sa.select(acta_carga.c.id).where(acta_carga.c.job_key == job_key))


def loads_of(conn: Connection, acta_id: UUID) -> list[Load]:
    """Every statement of an acta, the first first."""
    query = _SELECT.where(acta_carga.c.acta_id == acta_id).order_by(acta_carga.c.at, acta_carga.c.id)
    return [_load(row) for row in conn.execute(query)]


def check_load(conn: Connection, load: Load, zone: ZoneInfo) -> list[Fault]:
    """What is wrong with a statement, row by row; nothing: it is complete. ``zone``: where the day of an instant is."""
    acta = get_acta(conn, load.acta_id)
    mesa, students = get_mesa(conn, acta.mesa_id), students_of(conn, acta.id)
    scale, names = escala(mesa.escala), {one.fila: one.name for one in students}
    faults: list[Fault] = []
    if acta.carga_id != load.id:
        by_hand = load.source == "mano"
        faults = [_fault(*one) for one in objections(conn, mesa, students, load.by, by_hand=by_hand)]
    said: dict[int, Row] = {}
    for row in load.rows:
        if row.n not in names or row.n in said:
            why = "está dos veces" if row.n in said else "no es de esta acta"
            faults.append(Fault(None, "", f"La fila {row.n} {why}."))
        said.setdefault(row.n, row)
    for fila, name in names.items():
        wrong = _about_row(said.get(fila), load, scale, mesa.fecha, load.at.astimezone(zone).date())
        faults.extend(Fault(fila, name, message) for message in wrong)
    return faults + [Fault(None, "", message, total=True) for message in _about_totals(load, said, names)]


def accept_grades(
    conn: Connection, acta_id: UUID, carga_id: UUID, *, job_key: str, by: UUID | None, at: datetime, zone: ZoneInfo
) -> None:
    """The statement becomes the acta's, which is then «cargada». The first complete one wins.

    Raises Incomplete, AlreadyAccepted, Conflict (the acta waits for no grades), NotFound.
    """
    row = lock_row(conn, acta_id)
    if repeated(conn, acta_id, "cargada", job_key):
        return
    load = get_load(conn, carga_id)
    if load.acta_id != acta_id:
        raise Conflict("Esa carga es de otra acta.")
    if row.carga_id is not None:
        if row.carga_id == carga_id:
            return
        raise AlreadyAccepted()
    if faults := check_load(conn, load, zone):
        raise Incomplete(faults)
    changes = {"carga_id": carga_id, "fecha": load.fecha}
    step(conn, row, "cargada", job_key=job_key, by=by, at=at, document_id=load.document_id, changes=changes)


def _fault(student: Enrolment | None, message: str) -> Fault:
    return Fault(student.fila, student.name, message) if student else Fault(None, "", message)


def _about_row(row: Row | None, load: Load, scale: Escala, mesa: Day, today: Day) -> Iterator[str]:
    if row is None or (row.nota is None and not row.ausente):
        yield f"falta la calificación ({scale.range}) o «{ABSENT}»."
        return
    day = row.fecha or load.fecha
    if day is None:
        yield "falta la fecha del examen."
    elif day > today:
        yield "la fecha del examen no puede ser posterior al día de la carga."
    elif day < mesa - OLDEST:
        yield f"la fecha del examen, {day:%d/%m/%Y}, es de mucho antes que la mesa ({mesa:%d/%m/%Y}): revise el año."
    if row.ausente:
        if row.nota is not None or row.letras != ABSENT:
            yield f"tiene calificación y dice «{ABSENT}»: deje una de las dos."
        return
    try:
        grade = scale.read(row.nota or "")
    except NotAGrade as error:
        yield f"«{row.nota}» no se admite: {error.message[0].lower()}{error.message[1:]}"
        return
    if not row.letras.strip():
        yield f"falta la calificación en letras: «{scale.letters(grade)}»."
    elif not scale.agrees(grade, row.letras):
        yield f"las letras dicen «{row.letras}» y el número es {scale.printed(scale.stored(grade))}."


def _about_totals(load: Load, said: Mapping[int, Row], names: Mapping[int, str]) -> Iterator[str]:
    """Derived and compared with what the docente states (R-38)."""
    if load.inscriptos != len(names):
        yield _total("inscriptos", load.inscriptos, len(names))
    examined = sum(1 for fila in names if fila in said and not said[fila].ausente)
    if load.examinados != examined:
        yield _total("examinados", load.examinados, examined)


def _total(what: str, stated: int | None, derived: int) -> str:
    if stated is None:
        return f"Falta el total de alumnos {what}: según las filas son {derived}."
    return f"El total de alumnos {what} dice {stated} y según las filas son {derived}."


def _kept(row: Mapping[str, Any], scale: Escala) -> dict[str, Any]:
    """A row as it is stored: a grade in its one form, «ausente» as such, anything else as it was written."""
    nota, letras = _text(row.get("nota")), _text(row.get("letras"))
    absent = bool(row.get("ausente"))
    if says_absent(nota or letras):
        nota, absent = "", True  # wherever the docente wrote it
    if absent and (not letras or says_absent(letras)):
        letras = ABSENT
    if nota:
        with suppress(NotAGrade):
            nota = scale.stored(scale.read(nota))
    return {"n": _number(row.get("n")), "nota": nota or None, "letras": letras, "ausente": absent,
            "fecha": _iso(row.get("fecha"))}  # fmt: skip


def _text(value: Any) -> str:
    text = plain(str("" if value is None else value))
    if len(text) > LONGEST:
        raise InvalidAnswers({"filas": f"«{text[:20]}…» es demasiado largo para una calificación."})
    return text


def _number(value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError) as error:
        raise InvalidAnswers({"filas": "Cada fila lleva su número."}) from error
    if not 0 <= number <= 9_999:
        raise InvalidAnswers({"filas": "El número de fila no se admite."})
    return number


def _count(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= 9_999 else None


def _iso(value: Any) -> str | None:
    if isinstance(value, Day):
        return value.isoformat()
    text = plain(str(value or ""))
    if day := read_day(text):
        return day.isoformat()
    if text:
        raise InvalidAnswers({"fecha": f"«{text[:20]}» no es una fecha: se escribe DD/MM/AAAA."})
    return None


_SELECT = sa.select(*(acta_carga.c[name] for name in Load.__dataclass_fields__))


def _load(row: Any) -> Load:
    values = dict(zip(Load.__dataclass_fields__, row, strict=True))
    rows = (Row(**one | {"fecha": Day.fromisoformat(one["fecha"]) if one["fecha"] else None}) for one in values["rows"])
    return Load(**values | {"rows": tuple(rows)})
