"""Open a mesa de examen from the enrolled list that a Departamento sends: its actas, numbered (R-28 … R-30)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection

from engine.actas.examen import (
    ListRefused,
    NewMesa,
    Professor,
    TooManyFolios,
    actas_of,
    mesa_of,
    mesa_of_job,
    open_mesa,
)
from engine.errors import InvalidAnswers
from engine.operations.base import BaseResult, Call, Operation
from engine.operations.enrolled_list import MOST_TOLD, ListGiven, judged, refusals
from engine.operations.exam import refusals_told, sentences


class Opening(ListGiven):
    curso: str = Field(description="Nombre completo del curso o seminario.", max_length=300)
    codigo: str = Field(description="Código del curso.", max_length=40)
    horas: int = Field(description="Horas del curso.", ge=1, le=9_999)
    fecha: date = Field(description="Fecha de la mesa, AAAA-MM-DD.")
    departamento: str = Field(description="Código del Departamento, como quimica.", max_length=40)
    docente: UUID = Field(description="El docente responsable: el identificador de una persona registrada.")
    escala: str | None = Field(default=None, description="Escala de calificación; si no, la de la institución.")
    por: UUID | None = Field(default=None, description="Quién las genera (R-28); si no, quien presentó el listado.")


class MesaOpened(BaseResult):
    aceptada: bool = Field(description="No, si algo de la lista se rechazó: entonces nada se cargó.")
    rechazos: list[str] = Field(description=f"Qué hay que corregir, fila por fila; {MOST_TOLD} a lo sumo.")
    rechazadas: int = Field(description="Cuántos rechazos hay en total.")
    mesa: dict[str, Any] | None = Field(description="La mesa, para las tareas que siguen.")
    actas: list[dict[str, Any]] = Field(description="Sus actas, de 21 alumnos a lo sumo, en orden de folio.")


class OpenMesa(Operation[Opening]):
    name = "open_mesa"
    summary = "Abre una mesa de examen desde la lista de inscriptos y numera sus actas en un libro."
    Parameters = Opening
    Result = MesaOpened

    def run(self, parameters: Opening, call: Call) -> MesaOpened:
        tools = call.tools
        with tools.database.read() as conn:
            if made := mesa_of_job(conn, call.key):  # by an attempt whose answer was lost
                return _opened(conn, made)
        try:
            enrolled = judged(parameters, tools, call.case_id)
        except ListRefused as error:
            return _refused([error.message])
        if said := refusals(parameters, parameters.codigo, enrolled):
            return _refused(said)
        new = NewMesa(
            curso=parameters.curso,
            codigo=parameters.codigo,
            horas=parameters.horas,
            fecha=parameters.fecha,
            departamento=parameters.departamento,
            docente_id=parameters.docente,
            escala=parameters.escala or tools.config.grade_scale,
            students=enrolled.students,
            tribunal=[Professor(one.nombre or "", email=one.correo) for one in parameters.tribunal],
            exchange_ref=enrolled.mesa.reference if enrolled.mesa else None,
            case_id=call.case_id,
            completes=parameters.completa,
        )
        try:
            with refusals_told(keep=(InvalidAnswers, TooManyFolios)), tools.database.write() as conn:
                mesa_id = open_mesa(
                    conn,
                    new,
                    capacity=tools.config.libro_capacity,
                    job_key=call.key,
                    by=parameters.por or call.requester_id,
                    at=tools.clock.now(),
                    zone=tools.config.zone,
                )
                return _opened(conn, mesa_id)
        except InvalidAnswers as error:
            return _refused(sentences(error))
        except TooManyFolios as error:
            return _refused([error.message])


def _opened(conn: Connection, mesa_id: UUID) -> MesaOpened:
    mesa, actas = mesa_of(conn, mesa_id), actas_of(conn, mesa_id)
    return MesaOpened(aceptada=True, rechazos=[], rechazadas=0, mesa=mesa, actas=actas)


def _refused(told: list[str]) -> MesaOpened:
    return MesaOpened(aceptada=False, rechazos=told[:MOST_TOLD], rechazadas=len(told), mesa=None, actas=[])
