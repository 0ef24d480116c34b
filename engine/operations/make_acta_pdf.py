"""Make the acta that the authority signs (R-57 … R-63): PDF/A-2b with its code and an empty field for the signature.

It is made from the accepted statement, on one page, under the base name. Who signs here or outside adds to this very
file; so what comes back can be compared with it byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from engine.actas.examen import acta_data
from engine.actas.examen.printed import printed
from engine.documents import (
    TemplateFault,
    check_template,
    code_of,
    find_by_job,
)
from engine.errors import OperationFailed
from engine.operations.base import BaseParameters, Call, Operation
from engine.operations.document_made import DocumentMade, drawn, kept
from engine.operations.exam import ExamId, own_acta, refusals_told
from engine.operations.given import OF_DOCUMENTS, given_to_document, with_given


class ActaPaper(BaseParameters):
    acta: ExamId = Field(description="El acta, con su carga aceptada.")
    template: str = Field(description="Plantilla del acta: acta.html.")


class MakeActaPdf(Operation[ActaPaper]):
    name = "make_acta_pdf"
    summary = "Compone el acta de examen definitiva en PDF/A, con el lugar para la firma de la Autoridad."
    Parameters = ActaPaper
    Result = DocumentMade

    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> list[TemplateFault]:
        return check_template(files, template, with_given(data, OF_DOCUMENTS | {"acta": None}))

    def run(self, parameters: ActaPaper, call: Call) -> DocumentMade:
        tools = call.tools
        with refusals_told(), tools.database.read() as conn:
            record = own_acta(conn, parameters.acta, call)
            name, title = f"{record.base}.pdf", f"Acta de Examen, libro {record.libro}, folio {record.folio}"
            if (already := find_by_job(conn, call.key, name)) is not None:
                return DocumentMade.of(already)
            acta = printed(acta_data(conn, parameters.acta, tools.config))
            code = code_of(conn, call.case_id, name)
        if record.carga_id is None:
            raise OperationFailed(f"El acta {record.base} no tiene una carga aceptada.", permanent=True)
        data = {"acta": acta} | given_to_document(call, title, code, f"Acta {record.base}, trámite")
        pdf = _one_page(call, parameters.template, data)
        facts = [
            ("Curso", str(acta["curso"])[:200]),
            ("Libro y folio", f"{record.year}, libro {record.libro}, folio {record.folio}"),
            ("Fecha", acta["fecha"]),
            ("Inscriptos y examinados", f"{acta['inscriptos']} y {acta['examinados']}"),
        ]
        return DocumentMade.of(kept(call, pdf, name=name, title=title, code=code, facts=facts))


def _one_page(call: Call, template: str, data: Mapping[str, Any]) -> bytes:
    made = drawn(call, template, data)
    if made.pages != 1:
        raise OperationFailed(
            f"El acta ocupa {made.pages} hojas y debe ser una: revise la plantilla «{template}».", permanent=True
        )
    return made.bytes
