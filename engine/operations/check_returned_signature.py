"""Check the signature of an acta as it was received, before its grades are loaded (R-9, R-47)."""

from __future__ import annotations

from pydantic import Field

from engine.documents import read_document
from engine.errors import NotFound
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.exam import ExamId, own_acta, refusals_told
from engine.signing import Verdict, verify_upload


class Received(BaseParameters):
    acta: ExamId = Field(description="El acta.")
    document: DocumentId = Field(description="El PDF firmado que se recibió.")


class SignatureChecked(BaseResult):
    valida: bool = Field(description="Firmada, íntegra, de confianza y sin cambios desde la firma.")
    defectos: list[str] = Field(description="Qué le falta, en frases; vacía si es válida.")
    firmante: str | None = Field(description="Quien firmó, según su certificado.")
    nivel: str | None = Field(description="Nivel PAdES de la firma.")


class CheckReturnedSignature(Operation[Received]):
    name = "check_returned_signature"
    summary = "Comprueba la firma digital de un acta recibida: que sea íntegra, de confianza y no esté revocada."
    Parameters = Received
    Result = SignatureChecked

    def run(self, parameters: Received, call: Call) -> SignatureChecked:
        tools = call.tools
        with refusals_told(), tools.database.read() as conn:
            own_acta(conn, parameters.acta, call)
            document, data = read_document(conn, tools.archive, parameters.document)
            if document.case_id != call.case_id:
                raise NotFound("El documento es de otro trámite.")
        verdict = verify_upload(data, tools.signing.trust, original=data, at=tools.clock.now())
        last = verdict.signers[-1] if verdict.signers else None
        return SignatureChecked(
            valida=verdict.accepted and last is not None,
            defectos=_defects(verdict),
            firmante=last.name if last else None,
            nivel=last.level if last else None,
        )


def _defects(verdict: Verdict) -> list[str]:
    if verdict.accepted and verdict.signers:
        return []
    said = [answer.text for name, answer in verdict.answers.items() if name != "archive" and answer.state != "ok"]
    said += [f"{facts.name}: {facts.problem}." for facts in verdict.signers if facts.problem]
    return list(dict.fromkeys(said)) or ["El PDF no lleva una firma digital."]
