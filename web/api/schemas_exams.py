"""What the API takes and gives of exam actas and of a student's history."""

from __future__ import annotations

from datetime import date as Day
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from web.api.converters import BASE
from web.api.text import Flag, In, Instant, Out, Text

State = Literal[
    "generada", "enviada", "en_carga", "cargada", "en_control", "a_firma", "firmada", "recibida", "validada",
    "con_notas", "bloqueada", "publicada", "anulada",
]  # fmt: skip
Base = Annotated[str, Field(pattern=f"^{BASE}$", examples=["2026-L0012-F0034"])]
Mark = Annotated[Text, Field(max_length=80)]


class ExamRecordQuery(In):
    q: Annotated[Text, Field(max_length=120)] = Field("", description="Alumno, documento, curso, docente, «L12 F34».")
    state: State | None = None
    department: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")] | None = None
    year: int | None = Field(None, ge=1900, le=9999)
    waiting: Flag = Field(False, description="Solo las que alguien tiene pendientes.")
    after: UUID | None = Field(None, description="El «next» de la página anterior.")
    limit: int = Field(30, ge=1, le=100)


class ExamRecordLine(Out):
    base: str
    kind: str
    state: State
    state_at: Instant
    course: str
    code: str
    department: str
    teacher: str
    students: int
    holder: str | None = Field(description="La función que la tiene; nada: ya no espera a nadie.")


class ExamRecordList(Out):
    items: list[ExamRecordLine]
    next: UUID | None


class ExamRow(Out):
    n: int
    file: str = Field(description="Expediente.")
    name: str
    document_type: str
    document: str
    grade: str | None = Field(description="Como está escrita en el acta.")
    words: str | None
    absent: bool
    date: Day | None


class ExamStep(Out):
    to: State
    at: Instant
    by: UUID | None
    note: str | None


class ExamRecordOut(Out):
    base: str
    kind: str
    about: str | None = Field(description="El acta que rectifica o reconstruye.")
    later: list[str] = Field(description="Las que la rectifican o reconstruyen.")
    state: State
    state_at: Instant
    year: int
    book: int
    folio: int
    course: str
    code: str
    hours: int
    date: Day
    department: str
    teacher: str
    board: list[str] = Field(description="El tribunal, en su orden.")
    rows: list[ExamRow]
    enrolled: int | None
    examined: int | None
    original_sha256: str | None
    locked_at: Instant | None
    published_at: Instant | None
    steps: list[ExamStep]


class StatementRow(Out):
    n: int
    grade: str | None
    words: str
    absent: bool
    date: Day | None


class StatementOut(Out):
    id: UUID
    source: Literal["web", "correo", "mano"]
    by: UUID | None
    at: Instant
    date: Day | None
    enrolled: int | None
    examined: int | None
    sha256: str
    accepted: bool = Field(description="Es la carga que vale.")
    faults: list[str]
    rows: list[StatementRow]


class StatementList(Out):
    items: list[StatementOut] = Field(description="La primera es la que llegó primero.")


class GradeIn(In):
    n: int = Field(ge=1, le=60, description="La fila del acta.")
    grade: Mark | None = Field(None, description="En número; nada, si estuvo ausente.")
    words: Mark | None = Field(None, description="En letras; si falta, las del número.")
    absent: Flag = False
    date: Day | None = Field(None, description="Si rindió otro día.")


class GradesIn(In):
    base: Base
    date: Day
    enrolled: int = Field(ge=0, le=9999, description="El total de inscriptos que el docente certifica.")
    examined: int = Field(ge=0, le=9999, description="El total de examinados que el docente certifica.")
    rows: list[GradeIn] = Field(max_length=60)
    request_id: UUID


class HistoryEntry(Out):
    course: str
    code: str
    hours: int
    grade: str | None
    words: str
    absent: bool
    condition: str
    date: Day
    base: str
    kind: str
    published_at: Instant
    replaced: bool = Field(description="Vale la de otra acta posterior.")
    replaced_by: str | None = Field(
        description="De qué clase es esa acta: rectificativa, o reconstruida, que dice lo mismo."
    )


class HistoryOut(Out):
    items: list[HistoryEntry]
