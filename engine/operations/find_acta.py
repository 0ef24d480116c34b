"""Look up an exam acta by its base name, as the person who asked may see it: for what is done about it afterwards."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from sqlalchemy import Connection

from engine.actas.examen import (
    LOCKED,
    WORDS,
    Acta,
    acta_data,
    acta_of,
    copies_of,
    get_mesa,
    mesa_of,
    require_in_scope,
    scope_of,
    steps_of,
)
from engine.errors import NotFound
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import named_acta, refusals_told
from engine.people import roles_of


class Sought(BaseParameters):
    acta: str = Field(description="Su nombre, como 2021-L0012-F0034.", max_length=60)


class ActaFound(BaseResult):
    hallada: bool = Field(description="Existe, y quien lo pidió puede verla.")
    bloqueada: bool = Field(description="Está bloqueada: solo se corrige o se reconstruye con otra.")
    motivo: str = Field(description="Por qué no se puede seguir; vacío cuando está bloqueada.")
    acta: dict[str, Any] | None = Field(description="El acta: id, base, anio, libro, folio, alumnos.")
    mesa: dict[str, Any] | None = Field(description="Su mesa.")
    filas: list[dict[str, Any]] = Field(description="Una por alumno: fila, alumno, documento, consta.")
    opciones: list[dict[str, str]] = Field(description="Las mismas, para elegirlas en un formulario.")
    pasos: list[str] = Field(description="Los trámites registrados del acta, como «10/03/2025: Firmada».")
    ejemplar: str = Field(description="Dónde está su ejemplar impreso, según lo último que se anotó.")


class FindActa(Operation[Sought]):
    name = "find_acta"
    summary = "Busca un acta de examen por su nombre, con lo que consta de cada alumno."
    Parameters = Sought
    Result = ActaFound

    def run(self, parameters: Sought, call: Call) -> ActaFound:
        with refusals_told(), call.tools.database.read() as conn:
            try:
                acta = named_acta(conn, parameters.acta)
                _require_seen(conn, acta, call)
            except NotFound:
                return _none(f"No hay un acta «{parameters.acta.strip()[:40]}» a su alcance: revise el nombre.")
            return _found(conn, acta, call)


def _require_seen(conn: Connection, acta: Acta, call: Call) -> None:
    if call.requester_id is None:
        return
    today = call.at.astimezone(call.tools.config.zone).date()
    require_in_scope(conn, acta, scope_of(call.requester_id, roles_of(conn, call.requester_id, today, call.process)))


def _found(conn: Connection, acta: Acta, call: Call) -> ActaFound:
    data, mesa = acta_data(conn, acta.id, call.tools.config), get_mesa(conn, acta.mesa_id)
    rows = [
        {
            "fila": row["n"],
            "alumno": row["nombre"],
            "documento": f"{row['tipo']} {row['documento']}",
            "consta": _said(row),
        }
        for row in data["filas"]
    ]
    places = [step.place for step in copies_of(conn, acta.id) if step.place]
    locked = acta.state in LOCKED
    return ActaFound(
        hallada=True,
        bloqueada=locked,
        motivo="" if locked else f"El acta {acta.base} está «{WORDS[acta.state]}»: se corrige en su propio trámite.",
        acta=acta_of(conn, acta),
        mesa=mesa_of(conn, mesa.id),
        filas=rows,
        opciones=[
            {
                "value": str(row["fila"]),
                "label": f"{row['fila']}. {row['alumno']}",
                "description": f"{row['documento']}: consta {row['consta']}",
            }
            for row in rows
        ],
        pasos=[
            f"{step.at.astimezone(call.tools.config.zone):%d/%m/%Y}: {WORDS[step.to]}"
            for step in steps_of(conn, acta.id)
        ],
        ejemplar=places[-1] if places else "No consta dónde está.",
    )


def _said(row: dict[str, Any]) -> str:
    if row["ausente"]:
        return "ausente"
    return f"{row['calificacion']} ({row['letras']})" if row["calificacion"] else "sin nota"


def _none(why: str) -> ActaFound:
    return ActaFound(
        hallada=False, bloqueada=False, motivo=why, acta=None, mesa=None, filas=[], opciones=[], pasos=[], ejemplar=""
    )
