"""Look at an enrolled list before its actas are numbered, for whoever decides: what of it is refused, and who of it is
in another acta of the same course. A list that completes a mesa takes course, day, docente and tribunal from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from engine.actas.examen import (
    WORDS,
    Elsewhere,
    Enrolled,
    ListRefused,
    Professor,
    actas_of_mesa,
    enrolled_elsewhere,
    examiners_enrolled,
    first_mesa,
    get_mesa,
    split,
    tribunal_of,
)
from engine.errors import NotFound, OperationFailed
from engine.operations.base import BaseResult, Call, Operation, Tools
from engine.operations.enrolled_list import MOST_TOLD, ListGiven, judged, of_another, refusals, unfit_tribunal
from engine.words import counted

SAME_DAY = "Está en el acta {base}, de otra mesa de este curso y de esta fecha («{state}»)."
EXAMINES = "Tiene la cuenta del docente responsable o de quien integra el tribunal: se examinaría a sí mismo."
STILL_OPEN = "Está en el acta {base}, de este curso, del {day:%d/%m/%Y}, que todavía no se bloqueó («{state}»)."


class Comparing(ListGiven):
    curso: str | None = Field(default=None, description="Nombre completo del curso o seminario.", max_length=300)
    codigo: str | None = Field(default=None, description="Código del curso.", max_length=40)
    horas: int | None = Field(default=None, description="Horas del curso.", ge=1, le=9_999)
    fecha: date | None = Field(default=None, description="Fecha de la mesa, AAAA-MM-DD.")
    departamento: str | None = Field(default=None, description="Código del Departamento.", max_length=40)
    docente: UUID | None = Field(default=None, description="El docente responsable.")


class Told(BaseModel):
    linea: int
    alumno: str
    aviso: str


class Compared(BaseResult):
    datos: dict[str, Any] = Field(
        description="curso, codigo, horas, fecha, departamento, docente, tribunal: los dados, o los de la que completa."
    )
    completa: str = Field(description="Qué mesa completa, en una frase; vacío si es una mesa nueva.")
    resumen: str = Field(description="Cuántos inscriptos y cuántas actas, en una frase.")
    rechazos: list[Told] = Field(
        description=f"Las filas que no se admiten: linea, alumno, aviso; {MOST_TOLD} a lo sumo."
    )
    rechazados: int = Field(description="Cuántas son en total.")
    avisos: list[Told] = Field(description=f"Las filas que conviene mirar, sin rechazarlas; {MOST_TOLD} a lo sumo.")
    avisados: int = Field(description="Cuántas son en total.")


class CompareEnrolled(Operation[Comparing]):
    name = "compare_enrolled"
    summary = "Revisa una lista de inscriptos antes de numerar: qué se rechaza y quién está en otra acta del curso."
    Parameters = Comparing
    Result = Compared

    def foresee(self, parameters: Comparing, tools: Tools) -> list[str]:
        try:
            enrolled = judged(parameters, tools, None)
        except ListRefused as error:
            return [error.message]
        return refusals(parameters, parameters.codigo, enrolled)

    def run(self, parameters: Comparing, call: Call) -> Compared:
        facts, completes = _facts(parameters, call)
        try:
            enrolled = judged(parameters, call.tools, call.case_id)
        except ListRefused as error:
            return _compared(facts, completes, Enrolled(), [Told(linea=0, alumno="", aviso=error.message)], [])
        refused = [Told(linea=one.line, alumno=one.who, aviso=" ".join(one.faults)) for one in enrolled.refused]
        said = [*of_another(str(facts["codigo"] or ""), enrolled), *unfit_tribunal(parameters)]
        refused = [*(Told(linea=0, alumno="", aviso=one) for one in said), *refused]
        return _compared(facts, completes, enrolled, refused, list(_warnings(facts, enrolled, parameters, call)))


def _facts(given: Comparing, call: Call) -> tuple[dict[str, Any], str]:
    """The mesa's data, and which one it completes. Raises OperationFailed."""
    if given.completa is None:
        names = ("curso", "codigo", "horas", "fecha", "departamento", "docente", "tribunal")
        return given.model_dump(mode="json", include=set(names)), ""
    with call.tools.database.read() as conn:
        try:
            mesa = get_mesa(conn, first_mesa(conn, given.completa))
        except NotFound as error:
            raise OperationFailed("La mesa que la lista completa no existe.", permanent=True) from error
        bases = [one.base for one in actas_of_mesa(conn, mesa.id, every=False)]
        tribunal = [{"nombre": one.name, "correo": one.email} for one in tribunal_of(conn, mesa.id)]
    told = f"Completa la mesa de {mesa.curso} ({mesa.codigo}) del {mesa.fecha:%d/%m/%Y}: "
    told += f"acta {bases[0]}." if len(bases) == 1 else f"actas {bases[0]} a {bases[-1]}."
    facts = {name: getattr(mesa, name) for name in ("curso", "codigo", "horas", "departamento")}
    own = {"fecha": mesa.fecha.isoformat(), "docente": str(mesa.docente_id), "tribunal": tribunal}
    return facts | own, told


def _warnings(facts: dict[str, Any], enrolled: Enrolled, given: Comparing, call: Call) -> Iterator[Told]:
    """In the order of the list."""
    told = [(one.line, one.who, one.said) for one in enrolled.notices]
    codigo, fecha = facts["codigo"], facts["fecha"]
    if codigo and fecha:
        but = [given.completa] if given.completa else []
        with call.tools.database.read() as conn:
            found = enrolled_elsewhere(conn, enrolled.students, codigo, date.fromisoformat(fecha), but=but)
            professors = [Professor(one["nombre"] or "", email=one["correo"]) for one in facts["tribunal"]]
            docente = UUID(facts["docente"]) if facts["docente"] else None
            own = examiners_enrolled(conn, enrolled.students, docente, professors)
        names = {one.identity: one.name for one in enrolled.students}
        for identity, others in found.items():
            told += [(enrolled.lines[identity], names[identity], _said(one, fecha)) for one in others]
        told += [(enrolled.lines[identity], names[identity], EXAMINES) for identity in own]
    yield from (Told(linea=line, alumno=who[:80], aviso=said) for line, who, said in sorted(told))


def _said(one: Elsewhere, fecha: str) -> str:
    sentence = SAME_DAY if one.fecha.isoformat() == fecha else STILL_OPEN
    return sentence.format(base=one.base, day=one.fecha, state=WORDS[one.state])


def _compared(
    facts: dict[str, Any], completes: str, enrolled: Enrolled, refused: list[Told], warned: list[Told]
) -> Compared:
    students = len(enrolled.students)
    actas = len(list(split(enrolled.students)))
    return Compared(
        datos=facts,
        completa=completes,
        resumen=f"{counted(students, 'inscripto', 'inscriptos')} en {counted(actas, 'acta', 'actas')}.",
        rechazos=refused[:MOST_TOLD],
        rechazados=len(refused),
        avisos=warned[:MOST_TOLD],
        avisados=len(warned),
    )
