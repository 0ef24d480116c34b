"""Make the next edition of the Carta of what was written, or say all that keeps it from being one."""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field

from engine.carta import apply_draft, current_edition, read_draft
from engine.errors import InvalidEdition, OperationFailed
from engine.letters import unprintable
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.edition_signers import signers_of


class Composing(BaseParameters):
    proposal: dict[str, Any] = Field(description="Lo escrito: base y cada campo que dio draft_edition.")


class EditionComposed(BaseResult):
    valida: bool = Field(description="Si se puede publicar así.")
    faltas: list[str] = Field(description="Lo que hay que corregir, una frase por falta.")
    desactualizada: bool = Field(description="Si mientras tanto se publicó otra edición.")
    ordinal: str = Field(description="Como se imprime: 2ª.")
    edicion: dict[str, Any] | None = Field(description="La edición entera, para la plantilla y para publicarla.")


class ComposeEdition(Operation[Composing]):
    name = "compose_edition"
    summary = "Compone la edición siguiente de la Carta con lo escrito, o dice qué hay que corregir."
    Parameters = Composing
    Result = EditionComposed

    def run(self, parameters: Composing, call: Call) -> EditionComposed:
        today = call.at.astimezone(call.tools.config.zone).date()
        with call.tools.database.read() as conn:
            current = current_edition(conn)
            signers = signers_of(conn, current, today, call.process) if current else {}
        if current is None:
            raise OperationFailed("Todavía no hay una edición de la Carta que revisar.", permanent=True)
        ordinal = f"{current.number + 1}ª"
        if parameters.proposal.get("base") != current.number:
            sentence = f"Mientras tanto se publicó la edición {current.ordinal} de la Carta."
            return _refused([sentence], outdated=True, ordinal=ordinal)
        try:
            edition = apply_draft(current, read_draft(parameters.proposal, current, today, signers), today)
        except InvalidEdition as error:
            return _refused(error.faults, outdated=False, ordinal=ordinal)
        if strange := unprintable(json.dumps(edition.as_json(), ensure_ascii=False)):
            sentence = f"La letra institucional no tiene «{strange[0]}» (U+{ord(strange[0]):04X}): cámbielo."
            return _refused([sentence], outdated=False, ordinal=edition.ordinal)
        return EditionComposed(
            valida=True, faltas=[], desactualizada=False, ordinal=edition.ordinal, edicion=edition.as_json()
        )


def _refused(faults: list[str], *, outdated: bool, ordinal: str) -> EditionComposed:
    return EditionComposed(valida=False, faltas=faults, desactualizada=outdated, ordinal=ordinal, edicion=None)
