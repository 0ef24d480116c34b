"""Make a document from a template of the process: PDF/A-2b with its verification code, kept as a draft of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from engine.documents import (
    TemplateFault,
    check_template,
    code_of,
    file_name,
    find_by_job,
)
from engine.operations.base import BaseParameters, Call, Operation
from engine.operations.document_made import PDF, DocumentMade, drawn, kept
from engine.operations.given import OF_DOCUMENTS, given_to_document, with_given


class Rendering(BaseParameters):
    template: str = Field(description="Plantilla de forms/<proceso>/, como certificacion.html.")
    name: str = Field(
        description="Nombre del archivo, sin extensión, como certificacion.", min_length=1, max_length=120
    )
    title: str = Field(description="Título del documento, como lo lee la gente.", min_length=1, max_length=300)
    data: dict[str, Any] = Field(default_factory=dict, description="Datos para la plantilla.")
    facts: list[tuple[str, str]] = Field(
        default_factory=list,
        description="Pares rótulo y dato que se muestran a quien verifica; los menos posibles.",
        max_length=12,
    )


class RenderDocument(Operation[Rendering]):
    name = "render_document"
    summary = "Compone un documento PDF desde una plantilla del proceso, con su código de verificación."
    Parameters = Rendering
    Result = DocumentMade

    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> list[TemplateFault]:
        return check_template(files, template, with_given(data, OF_DOCUMENTS))

    def run(self, parameters: Rendering, call: Call) -> DocumentMade:
        tools, name = call.tools, file_name(parameters.name, PDF)
        with tools.database.read() as conn:
            if (already := find_by_job(conn, call.key, name)) is not None:
                return DocumentMade.of(already)
            code = code_of(conn, call.case_id, name)
        given = given_to_document(call, parameters.title, code)
        pdf = drawn(call, parameters.template, parameters.data | given).bytes
        return DocumentMade.of(kept(call, pdf, name=name, title=parameters.title, code=code, facts=parameters.facts))
