"""What the API takes and gives of digitised old exam actas."""

from __future__ import annotations

from datetime import date as Day
from typing import Annotated
from uuid import UUID

from pydantic import Field

from web.api.schemas_exams import Base
from web.api.text import Flag, In, Instant, Out, Text


class OldRecordQuery(In):
    q: Annotated[Text, Field(max_length=120)] = Field("", description="Alumno, docente, curso, «L3 F12».")
    year: int | None = Field(None, ge=1900, le=9999)
    article: int | None = Field(None, ge=2, le=3, description="De la Resolución CSU-142/21.")
    unplaced: Flag = Field(False, description="Solo aquellas cuyo papel no tiene lugar.")
    damaged_paper: Flag = Field(False, description="Solo aquellas cuyo papel necesita conservación.")
    damaged_scan: Flag = Field(False, description="Solo aquellas cuyo archivo se halló dañado o perdido.")
    rescanned: Flag = Field(False, description="Solo las que se escanearon otra vez.")
    after: Base | None = Field(None, description="El «next» de la página anterior.")
    limit: int = Field(50, ge=1, le=200)


class ScanOut(Out):
    n: int = Field(description="Qué escaneo es, desde 1; vale el último.")
    reason: str | None = Field(description="Por qué el anterior no sirve.")
    sha256: str
    document_id: UUID
    certificate_id: UUID
    certificate_code: str | None = Field(description="De la certificación firmada, para /verificar.")
    certified_at: Instant
    case: str | None = Field(description="El trámite que la digitalizó.")
    fixity: str | None = Field(description="Lo que halló la última revisión del archivo: intact, damaged o missing.")


class OldRecordLine(ScanOut):
    base: str
    year: int
    book: int
    folio: int
    course: str
    date: Day = Field(description="Cuándo se emitió.")
    article: int
    signed: str = Field(description="Con qué firmas se suscribió.")
    students: str | None
    teachers: str | None
    paper: str | None = Field(description="bueno, regular o danado.")
    place: str | None = Field(description="Dónde está el papel.")


class OldRecordList(Out):
    items: list[OldRecordLine]
    next: str | None
    total: int


class OldRecordOut(OldRecordLine):
    scans: list[ScanOut] = Field(description="El último, que vale, primero.")
