"""Put the office's seal page after a certificate that somebody brought (C-45). It is sealed and signed afterwards.

The file stays as it came, byte for byte, at the beginning of the result; only where its own structure does not bear an
addition is it rewritten, page for page, and the result says so. An image is put on a page: a JPEG with its own bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from engine.brought import Brought, CannotShow, Look, flatten_image, look_at, rebuild_pdf
from engine.documents import (
    SEALED_FACT,
    Document,
    RenderedPdf,
    TemplateFault,
    check_template,
    code_of,
    file_name,
    find_by_job,
    image_page,
)
from engine.errors import OperationFailed, SignatureRefused
from engine.operations.base import BaseParameters, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.document_made import PDF, DocumentMade, drawn, kept
from engine.operations.given import OF_DOCUMENTS, given_to_document, with_given
from engine.operations.recognise_document import brought_document, refusal
from engine.signing import append_pages, keeps_as_it_is

JPEG = "image/jpeg"
Kept = Literal["identico", "imagen", "reescrito"]
_PRINTABLE = ("L", "RGB", "CMYK")  # of a JPEG: the colours that a PDF knows as they are


class Stamping(BaseParameters):
    document: DocumentId = Field(description="El archivo presentado, que no se toca.")
    template: str = Field(description="Plantilla de la hoja de sello en forms/<proceso>/, como sellado.html.")
    name: str = Field(description="Nombre del archivo que resulta, sin extensión.", min_length=1, max_length=100)
    title: str = Field(description="Título del documento, como lo lee la gente.", min_length=1, max_length=300)
    data: dict[str, Any] = Field(
        default_factory=dict,
        description="Datos para la plantilla; se añade recibido: nombre, paginas, sha256 en grupos y conservado.",
    )
    facts: list[tuple[str, str]] = Field(
        default_factory=list, description="Pares rótulo y dato para quien verifica; se añade el resumen del archivo."
    )


class SealPageAdded(DocumentMade):
    conservado: Kept = Field(description="Cómo quedó lo recibido: identico, imagen (puesta en una página) o reescrito.")


class AddSealPage(Operation[Stamping]):
    name = "add_seal_page"
    summary = "Agrega a un certificado presentado la hoja de sello de la oficina, sin tocar lo recibido."
    Parameters = Stamping
    Result = SealPageAdded

    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> list[TemplateFault]:
        return check_template(files, template, with_given(data, OF_DOCUMENTS | {"recibido": None}))

    def run(self, parameters: Stamping, call: Call) -> SealPageAdded:
        tools, name = call.tools, file_name(parameters.name, PDF)
        with tools.database.read() as conn:
            brought, data = brought_document(conn, parameters.document, call)
            if (already := find_by_job(conn, call.key, name)) is not None:
                how = _how(brought, data, tools.archive.get(already.sha256))
                return SealPageAdded.of(already, conservado=how)
            code = code_of(conn, call.case_id, name)
        look = look_at(Brought(data, brought.media_type))
        if refused := refusal(brought, look, len(data)):
            raise OperationFailed(refused, permanent=True)
        base = _as_pdf(brought, data, look)
        how = _how(brought, data, base)
        page = _render(parameters, call, code, brought, look, how)
        gaps = {key: (b.page, b.x1, b.y1, b.x2, b.y2) for key, b in page.signature_boxes.items()}
        try:
            made = append_pages(base, page.bytes, gaps)
        except SignatureRefused as error:
            raise OperationFailed(error.message, permanent=True) from error
        facts = [*parameters.facts, (SEALED_FACT, " ".join(_grouped(brought.sha256)))]
        document = kept(call, made, name=name, title=parameters.title, code=code, facts=facts)
        return SealPageAdded.of(document, conservado=how)


def _as_pdf(brought: Document, data: bytes, look: Look) -> bytes:
    """What the page is put after. Raises OperationFailed."""
    file = Brought(data, brought.media_type)
    try:
        if brought.media_type == PDF:
            return data if keeps_as_it_is(data) is None else rebuild_pdf(file)
        if brought.media_type == JPEG and look.size and look.mode in _PRINTABLE:
            inverted = look.mode == "CMYK" and look.adobe
            return image_page(data, JPEG, look.size, look.mode, turn=look.turn, inverted=inverted)
        plain = flatten_image(file)
        upright = look.size if look.turn in (0, 180) else (look.size or (1, 1))[::-1]
        return image_page(plain, "image/png", upright or (1, 1))
    except (CannotShow, ValueError) as error:
        raise OperationFailed(str(error), permanent=True) from error


def _render(parameters: Stamping, call: Call, code: str, brought: Document, look: Look, how: Kept) -> RenderedPdf:
    received = {
        "nombre": brought.name,
        "paginas": look.pages,
        "formato": brought.media_type,
        "sha256": _grouped(brought.sha256),
        "conservado": how,
    }
    given = given_to_document(call, parameters.title, code) | {"recibido": received}
    return drawn(call, parameters.template, parameters.data | given)


def _how(brought: Document, data: bytes, made: bytes) -> Kept:
    if brought.media_type != PDF:
        return "imagen"
    return "identico" if made.startswith(data) else "reescrito"


def _grouped(sha256: str) -> list[str]:
    return [sha256[i : i + 8] for i in range(0, 64, 8)]
