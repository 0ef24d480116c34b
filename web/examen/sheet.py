"""What somebody typed into the grid of an acta: read from the form, kept as a draft, checked, and told in letters."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from engine.actas.examen import (
    ABSENT,
    Enrolment,
    Escala,
    Load,
    NotAGrade,
    Row,
    check_load,
    escala,
    get_acta,
    get_mesa,
    loads_of,
    plain,
    read_day,
    says_absent,
    students_of,
)
from web.current import cartulario

LONGEST = 80  # letters of what is typed as a grade, as of every statement


@dataclass
class Line:
    """One student's row as it is shown."""

    student: Enrolment
    nota: str = ""
    ausente: bool = False
    fecha: str = ""
    letras: str = ""
    error: str = ""

    @property
    def missing(self) -> bool:
        return not self.nota and not self.ausente


@dataclass
class Sheet:
    """The grid: ``fecha`` ISO, for every row without a date of its own."""

    acta_id: UUID
    scale: Escala
    fecha: str
    lines: list[Line]
    inscriptos: str = ""
    examinados: str = ""
    errors: dict[str, str] = field(default_factory=dict)  # fecha, inscriptos, examinados, acta

    @property
    def absent(self) -> int:
        return sum(1 for line in self.lines if line.ausente)

    @property
    def examined(self) -> int:
        return len(self.lines) - self.absent

    @property
    def missing(self) -> int:
        return sum(1 for line in self.lines if line.missing)

    @property
    def own_dates(self) -> bool:
        return any(line.fecha and line.fecha != self.fecha for line in self.lines)

    @property
    def wrong(self) -> list[Line]:
        return [line for line in self.lines if line.error]

    def draft(self) -> dict[str, Any]:
        """As the inbox keeps it; nothing typed is nothing kept."""
        rows = {
            str(line.student.fila): [line.nota, line.ausente, line.fecha]
            for line in self.lines
            if line.nota or line.ausente or line.fecha
        }
        return {"planilla": {"fecha": self.fecha, "filas": rows}} if rows else {}

    def rows(self) -> list[dict[str, Any]]:
        """As ``state_grades`` takes them."""
        return [
            {
                "n": line.student.fila,
                "nota": line.nota or None,
                "letras": line.letras,
                "ausente": line.ausente,
                "fecha": self.day_of(line),
            }
            for line in self.lines
        ]

    def day_of(self, line: Line) -> Day | None:
        return read_day(line.fecha or self.fecha)

    def day(self) -> Day | None:
        return read_day(self.fecha)

    def totals(self) -> tuple[int | None, int | None]:
        """Enrolled and examined as stated."""
        return _count(self.inscriptos), _count(self.examinados)


def blank_sheet(conn: Connection, acta_id: UUID, draft: Mapping[str, Any] | None = None) -> Sheet:
    """The acta's grid with what was kept of it; of one that came back, what its docente stated. Raises NotFound."""
    kept = (draft or {}).get("planilla") or _stated(conn, acta_id)
    sheet = _empty(conn, acta_id)
    sheet.fecha = _day(str(kept.get("fecha") or sheet.fecha))
    rows: Mapping[str, Any] = kept.get("filas") or {}
    for line in sheet.lines:
        nota, ausente, fecha = (*rows.get(str(line.student.fila), ()), "", False, "")[:3]
        _fill(line, str(nota), bool(ausente), str(fecha), sheet.scale)
    return sheet


def _stated(conn: Connection, acta_id: UUID) -> dict[str, Any]:
    """The last statement of who examines, as a draft is kept."""
    docente = get_mesa(conn, get_acta(conn, acta_id).mesa_id).docente_id
    theirs = [load for load in loads_of(conn, acta_id) if load.by == docente]
    if not theirs:
        return {}
    day = theirs[-1].fecha
    rows = {
        str(row.n): [row.nota or "", row.ausente, row.fecha.isoformat() if row.fecha and row.fecha != day else ""]
        for row in theirs[-1].rows
    }
    return {"fecha": day.isoformat() if day else "", "filas": rows}


def posted_sheet(conn: Connection, acta_id: UUID, form: Mapping[str, str]) -> Sheet:
    """The grid as it was sent. Raises NotFound."""
    sheet = _empty(conn, acta_id)
    sheet.fecha = _day(form.get("fecha", ""))
    sheet.inscriptos, sheet.examinados = (form.get(name, "").strip()[:6] for name in ("inscriptos", "examinados"))
    for line in sheet.lines:
        n = line.student.fila
        nota, fecha = (plain(form.get(f"{name}{n}", "")) for name in ("n", "f"))
        _fill(line, nota[:LONGEST], f"a{n}" in form, _day(fecha), sheet.scale)
    return sheet


def judge(conn: Connection, sheet: Sheet, at: datetime, *, totals: bool) -> bool:
    """Mark what is wrong, with and without the totals that the docente states; whether all is well."""
    if read_day(sheet.fecha) is None:
        sheet.errors["fecha"] = "Escriba la fecha del examen."
    stated = sheet.totals() if totals else (len(sheet.lines), sheet.examined)
    rows = tuple(Row(row["n"], row["nota"], row["letras"], row["ausente"], row["fecha"]) for row in sheet.rows())
    load = Load(uuid4(), sheet.acta_id, "web", None, at, sheet.day(), rows, *stated, None, None, "")
    by_row = {line.student.fila: line for line in sheet.lines}
    for line in sheet.lines:
        if line.fecha and read_day(line.fecha) is None:
            line.error = f"«{line.fecha}» no es una fecha: se escribe DD/MM/AAAA."
    for fault in check_load(conn, load, cartulario().config.zone):
        if fault.fila in by_row and not by_row[fault.fila].error:
            by_row[fault.fila].error = fault.message
        elif fault.total:
            sheet.errors["inscriptos" if "inscriptos" in fault.message else "examinados"] = fault.message
        elif not fault.fila:
            sheet.errors["acta"] = fault.message
    return not sheet.errors and not sheet.wrong


def _empty(conn: Connection, acta_id: UUID) -> Sheet:
    acta = get_acta(conn, acta_id)
    mesa = get_mesa(conn, acta.mesa_id)
    lines = [Line(student) for student in students_of(conn, acta_id)]
    return Sheet(acta_id, escala(mesa.escala), (acta.fecha or mesa.fecha).isoformat(), lines)


def _fill(line: Line, nota: str, ausente: bool, fecha: str, scale: Escala) -> None:
    """«a» in the column of the grade means absent; the letters come of the number. A grade of somebody absent stays."""
    line.ausente = ausente or says_absent(nota)
    line.nota, line.fecha = "" if says_absent(nota) else nota, fecha
    if line.ausente:
        line.letras = ABSENT
        return
    with suppress(NotAGrade):
        line.letras = scale.letters(scale.read(nota))


def _day(typed: str) -> str:
    """ISO, as a date's control takes it; what is no day as it was typed."""
    found = read_day(typed)
    return found.isoformat() if found else plain(typed)[:20]


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
