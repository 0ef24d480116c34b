"""Open the acta that rectifies or rebuilds a locked one: new, numbered, linked; the locked one never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field
from sqlalchemy import Connection

from engine.actas.examen import acta_of, get_acta, mesa_of, open_reconstruction, open_rectification
from engine.errors import CartularioError, InvalidAnswers, Unavailable
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import named_acta, sentences


def _by_row(value: Any) -> Any:
    """Rows of a form, {fila, dato, valor}, as {fila: {dato: valor}}; those left empty say nothing."""
    if not isinstance(value, list):
        return value or {}
    found: dict[Any, dict[str, Any]] = {}
    for row in value:
        if isinstance(row, Mapping) and row.get("fila") and row.get("dato") and row.get("valor"):
            found.setdefault(row["fila"], {})[row["dato"]] = row["valor"]
    return found


class OpeningLater(BaseParameters):
    kind: Literal["rectificativa", "reconstruida"] = Field(description="rectificativa o reconstruida.")
    about: str = Field(description="El acta bloqueada: su nombre, como 2021-L0012-F0034.", max_length=60)
    reason: str = Field(description="Por qué se hace.", max_length=2_000)
    filas: list[int] | None = Field(default=None, description="De qué filas trata la rectificativa; si no, de todas.")
    corrected: Annotated[dict[int, dict[str, str]], BeforeValidator(_by_row)] = Field(
        default_factory=dict,
        description="Por fila, qué datos del alumno estaban mal y cómo son; o filas {fila, dato, valor}.",
    )
    by: UUID | None = Field(default=None, description="Quién lo decidió, como hecho.<tarea>.quien.")


class LaterActaOpened(BaseResult):
    abierta: bool = Field(description="Se abrió; si no, «motivo» dice por qué, para que lo lea quien la pidió.")
    motivo: str = Field(description="Por qué no se abrió; vacío cuando se abrió.")
    acta: dict[str, Any] | None = Field(description="La nueva, para las tareas que siguen.")
    mesa: dict[str, Any] | None = Field(description="La mesa de las dos.")
    sobre: str = Field(description="El nombre del acta de la que trata.")


class OpenLaterActa(Operation[OpeningLater]):
    name = "open_later_acta"
    summary = "Abre un acta rectificativa o reconstruida de una bloqueada, con su propio folio."
    Parameters = OpeningLater
    Result = LaterActaOpened

    def run(self, parameters: OpeningLater, call: Call) -> LaterActaOpened:
        tools = call.tools
        how: dict[str, Any] = {
            "reason": parameters.reason,
            "capacity": tools.config.libro_capacity,
            "job_key": call.key,
            "by": parameters.by,
            "at": tools.clock.now(),
            "zone": tools.config.zone,
            "case_id": call.case_id,
        }
        try:
            with tools.database.write() as conn:
                return _opened(conn, parameters, how, tools.config.country)
        except Unavailable:
            raise
        except CartularioError as refused:  # for whoever asked: nothing was written
            why = " ".join(sentences(refused)) if isinstance(refused, InvalidAnswers) else refused.message
            return LaterActaOpened(abierta=False, motivo=why, acta=None, mesa=None, sobre=parameters.about.strip())


def _opened(conn: Connection, parameters: OpeningLater, how: dict[str, Any], country: str) -> LaterActaOpened:
    about = named_acta(conn, parameters.about)
    if parameters.kind == "reconstruida":
        made = open_reconstruction(conn, about.id, **how)
    else:
        how |= {"filas": parameters.filas, "corrected": parameters.corrected, "country": country}
        made = open_rectification(conn, about.id, **how)
    acta = get_acta(conn, made)
    return LaterActaOpened(
        abierta=True, motivo="", acta=acta_of(conn, acta), mesa=mesa_of(conn, acta.mesa_id), sobre=about.base
    )
