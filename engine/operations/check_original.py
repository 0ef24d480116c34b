"""Is the original of a locked exam acta whole in the archive? Asked before it is rebuilt, and when it was found."""

from __future__ import annotations

from pydantic import Field

from engine.actas.examen import Acta
from engine.archive import look_again
from engine.documents import get_document
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.exam import named_acta, refusals_told


class Looked(BaseParameters):
    acta: str = Field(description="El acta, por su nombre.", max_length=60)
    found: list[DocumentId] = Field(
        default_factory=list, description="Lo que se subió como hallado; si es el original, vuelve a su lugar."
    )


class OriginalChecked(BaseResult):
    integro: bool = Field(description="El archivo conserva el original, con su huella.")
    estado: str = Field(description="Lo mismo, en una frase para quien lo lee.")


class CheckOriginal(Operation[Looked]):
    name = "check_original"
    summary = "Dice si el original digital de un acta de examen bloqueada está íntegro en el archivo."
    Parameters = Looked
    Result = OriginalChecked

    def run(self, parameters: Looked, call: Call) -> OriginalChecked:
        with refusals_told(), call.tools.database.read() as conn:
            acta = named_acta(conn, parameters.acta)
            given = [get_document(conn, one).sha256 for one in parameters.found]
        if acta.original_sha256 is None:
            return OriginalChecked(integro=False, estado=f"El acta {acta.base} no está bloqueada: no tiene original.")
        tools = call.tools
        if look_again(tools.database, tools.archive, acta.original_sha256, tools.clock.now()) is None:
            return OriginalChecked(integro=True, estado="El original digital está íntegro en el archivo.")
        return OriginalChecked(integro=False, estado=_what_is_wrong(acta, given))


def _what_is_wrong(acta: Acta, given: list[str]) -> str:
    lost = f"El archivo no conserva el original digital (SHA-256 {acta.original_sha256})."
    if given:
        return f"{lost} Lo que se subió no es ese original: su huella es otra."
    return f"{lost} Para darla por hallada, suba su PDF tal como se firmó o tráigalo de un respaldo."
