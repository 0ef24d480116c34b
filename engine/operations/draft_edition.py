"""Open the next edition of the Carta for writing: what the one in force says, in the fields of the form."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from sqlalchemy import Connection

from engine.carta import Draft, Edition, current_edition, draft_of, get_edition, read_draft, rebase
from engine.errors import InvalidEdition, NotFound, OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.edition_signers import signers_of


class Drafting(BaseParameters):
    proposal: dict[str, Any] | None = Field(
        default=None,
        description="Lo que ya se había escrito sobre otra edición; sus cambios pasan a la vigente. Nada: se empieza.",
    )


class EditionDrafted(BaseResult):
    base: int = Field(description="La edición vigente, sobre la que se escribe.")
    numero: int = Field(description="El número que tendrá la nueva.")
    fecha: str = Field(description="Fecha de la nueva edición, AAAA-MM-DD.")
    mision: str = Field(description="Misión de la unidad.")
    responsable: str = Field(description="Texto del responsable.")
    normas: str = Field(description="Normas reguladoras, una por línea.")
    modificaciones: str = Field(description="Lo que se modificó, para el histórico.")
    atribuciones: list[dict[str, Any]] = Field(description="Una por atribución: id, letra, texto.")
    servicios: list[dict[str, Any]] = Field(description="Uno por servicio: codigo, nombre, descripcion, responsable.")
    compromisos: list[dict[str, Any]] = Field(description="Uno por producto: servicio, codigo, nombre, dias.")
    indicadores: list[dict[str, Any]] = Field(description="Uno por indicador: codigo, grupo, texto.")
    firmas: list[dict[str, Any]] = Field(description="Una por firma, en orden: funcion, accion, cargo, nombre.")


class DraftEdition(Operation[Drafting]):
    name = "draft_edition"
    summary = "Abre la edición vigente de la Carta de Servicios para escribir la siguiente."
    Parameters = Drafting
    Result = EditionDrafted

    def run(self, parameters: Drafting, call: Call) -> EditionDrafted:
        today = call.at.astimezone(call.tools.config.zone).date()
        with call.tools.database.read() as conn:
            current = current_edition(conn)
            if current is None:
                raise OperationFailed("Todavía no hay una edición de la Carta que revisar.", permanent=True)
            draft = draft_of(current, today, signers_of(conn, current, today, call.process))
            if parameters.proposal and parameters.proposal.get("base"):
                draft = _carried_over(conn, parameters.proposal, current, call)
        return EditionDrafted(numero=current.number + 1, **draft.model_dump(mode="json"))


def _carried_over(conn: Connection, proposal: dict[str, Any], current: Edition, call: Call) -> Draft:
    today = call.at.astimezone(call.tools.config.zone).date()
    try:
        before = get_edition(conn, int(proposal["base"]))
        signers = signers_of(conn, current, today, call.process)
        return rebase(read_draft(proposal, before, today, signers), before, current, today)
    except (InvalidEdition, NotFound) as error:
        raise OperationFailed(error.message, permanent=True) from error
