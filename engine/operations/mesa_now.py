"""Who is responsible for a mesa now, and which cases wait to hear of another docente: its own, and those of the later
actas of it. For the process that replaces one."""

from __future__ import annotations

import sqlalchemy as sa
from pydantic import Field

from engine.actas.examen import ANNULLED, LOCKED, actas_of_mesa, get_mesa
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import ExamId, refusals_told
from engine.storage.tables import wait

REPLACED = "docente_reemplazado"  # the message that those cases wait for


class Looking(BaseParameters):
    mesa: ExamId = Field(description="La mesa.")


class MesaNow(BaseResult):
    docente: str = Field(description="El docente responsable: el identificador de la persona.")
    nombre: str = Field(description="Su nombre.")
    claves: list[str] = Field(description="Las claves con que esperan un reemplazo los trámites que llevan sus actas.")


class LookAtMesa(Operation[Looking]):
    name = "mesa_now"
    summary = "Dice quién es ahora el docente de una mesa y qué trámites esperan un reemplazo."
    Parameters = Looking
    Result = MesaNow

    def run(self, parameters: Looking, call: Call) -> MesaNow:
        with refusals_told(), call.tools.database.read() as conn:
            mesa = get_mesa(conn, parameters.mesa)
            under_way = [one for one in actas_of_mesa(conn, mesa.id) if one.state not in (*LOCKED, ANNULLED)]
            keys = [str(mesa.id), *(one.base for one in under_way)] if under_way else []
            mine = (wait.c.message == REPLACED) & wait.c.correlation.in_(keys)
            waiting = set(conn.scalars(sa.select(wait.c.correlation).where(mine)))
        return MesaNow(
            docente=str(mesa.docente_id), nombre=mesa.docente_name, claves=[key for key in keys if key in waiting]
        )
