"""Make the two copies of an acta that a docente may fill in: the Word file of Anexo II and a PDF form (R-31 … R-34).

Both keep the base name of the acta for ever, and say the same. Its date is left to the docente, whose word it is
(R-32, R-37). A copy is no acta: it has no code and no gap to sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field
from sqlalchemy import Connection

from engine.actas.examen import acta_data
from engine.actas.examen.printed import printed
from engine.actas.examen.word import DOCX, word_acta
from engine.documents import (
    Document,
    TemplateFailed,
    TemplateFault,
    TextField,
    check_template,
    find_by_job,
    render_form,
    store_document,
)
from engine.errors import OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_made import PDF, DocumentMade
from engine.operations.exam import ExamId, own_acta, refusals_told
from engine.operations.given import OF_DOCUMENTS, given_to_document, with_given

TITLE = "Acta de Examen"
ROW_HIDDEN = ("expediente", "nombre", "documento")  # go along unseen, so that another acta's file is known
SHORT, LETTERS = 10, 60  # letters


class ActaCopies(BaseParameters):
    acta: ExamId = Field(description="El acta.")
    template: str = Field(description="Plantilla del formulario en PDF: acta_cargar.html.")


class CopiesMade(BaseResult):
    docx: DocumentMade = Field(description="La copia en Word, para adjuntarla.")
    pdf: DocumentMade = Field(description="La copia en PDF para llenar, para adjuntarla.")


class MakeActaFiles(Operation[ActaCopies]):
    name = "make_acta_files"
    summary = "Compone las copias de un acta de examen para cargar: el .docx del Anexo II y un PDF para llenar."
    Parameters = ActaCopies
    Result = CopiesMade

    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> list[TemplateFault]:
        return check_template(files, template, with_given(data, OF_DOCUMENTS | {"acta": None}))

    def run(self, parameters: ActaCopies, call: Call) -> CopiesMade:
        tools = call.tools
        with refusals_told(), tools.database.read() as conn:
            base = own_acta(conn, parameters.acta, call).base
            acta = printed(acta_data(conn, parameters.acta, tools.config) | {"fecha": None})
            word, form = (find_by_job(conn, call.key, f"{base}{ending}") for ending in (".docx", ".pdf"))
        if word is None or form is None:
            files = tools.definitions.get(call.version_id).bundle.files
            data = {"acta": acta} | given_to_document(call, TITLE, "")  # a copy has no code
            try:
                pdf = render_form(files, parameters.template, data, form_fields(acta)).bytes
            except TemplateFailed as error:
                raise OperationFailed(error.message, permanent=True) from error
            docx = word_acta(acta)
            with tools.database.write() as conn:
                word = _store(conn, call, acta, f"{base}.docx", DOCX, docx)
                form = _store(conn, call, acta, f"{base}.pdf", PDF, pdf)
        return CopiesMade(docx=DocumentMade.of(word), pdf=DocumentMade.of(form))


def form_fields(acta: Mapping[str, Any]) -> dict[str, TextField]:
    """The fields of the form, by name; ``returned_form`` reads the same names."""
    fields = {
        "base": TextField(str(acta["base"])),
        "fecha": TextField(acta["fecha"], "Fecha del examen, día, mes y año", SHORT),
    }
    for row in acta["filas"]:
        n, who = row["n"], row["nombre"]
        fields |= {f"{name}_{n}": TextField(str(row[name])) for name in ROW_HIDDEN}
        fields[f"nota_{n}"] = TextField(row["calificacion"], f"Calificación en número de {who}", SHORT)
        fields[f"letras_{n}"] = TextField(row["letras"], f"Calificación en letras, o ausente, de {who}", LETTERS)
        fields[f"fecha_{n}"] = TextField(row["fecha"], f"Fecha de {who}, si difiere", SHORT)
    for name in ("inscriptos", "examinados"):
        fields[name] = TextField(str(acta[name]), f"Total de alumnos {name}", 4)
    return fields


def _store(conn: Connection, call: Call, acta: Mapping[str, Any], name: str, media_type: str, data: bytes) -> Document:
    return store_document(
        conn,
        call.tools.archive,
        case_id=call.case_id,
        kind="issued",
        name=name,
        title=f"Copia para cargar, libro {acta['libro']}, folio {acta['folio']}",
        media_type=media_type,
        data=data,
        job_key=call.key,
        at=call.tools.clock.now(),
    )
