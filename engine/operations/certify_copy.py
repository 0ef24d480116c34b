"""Make the certified copy of a session acta (C-27): a certification page and the original's pages, each with the code.

The reservation is looked at here, at the last moment: an acta reserved as a whole is not copied, and reserved pages are
left out and said to be. The signature and the seal are the diagram's next steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from engine.actas import (
    ActaSesion,
    acta_by_reference,
    copy_facts,
    open_pages,
    read_original,
    reservation_on,
    reserved_words,
)
from engine.documents import (
    Document,
    TemplateFault,
    UnreadableOriginal,
    check_template,
    code_of,
    file_name,
    find_by_job,
    join_copy,
)
from engine.errors import NotFound, OperationFailed, Unavailable
from engine.operations.base import BaseParameters, Call, Operation
from engine.operations.document_made import PDF, DocumentMade, drawn, kept
from engine.operations.given import OF_DOCUMENTS, given_to_document, with_given

STRIP = "_base/tira_copia.html"
MEND = "Restáurelo de un respaldo y reintente, o pida la reconstrucción del acta y resuelva la incidencia."


class Copying(BaseParameters):
    acta: str = Field(description="Referencia del acta, como CGA-2026-7.", min_length=1, max_length=60)
    template: str = Field(description="Plantilla de la hoja que certifica, como copia_certificada.html.")
    name: str = Field(description="Nombre del archivo, sin extensión.", min_length=1, max_length=120)
    title: str = Field(description="Título del documento, como lo lee la gente.", min_length=1, max_length=300)
    data: dict[str, Any] = Field(
        default_factory=dict, description="Datos para la plantilla; además recibe «acta» y «copia»."
    )
    facts: list[tuple[str, str]] = Field(
        default_factory=list, description="Pares rótulo y dato que se muestran a quien verifica.", max_length=12
    )


class CopyMade(DocumentMade):
    paginas: int = Field(description="Cuántas páginas del original lleva.")
    omitidas: str = Field(description="Las páginas reservadas que no lleva, como «páginas 2 a 4»; o nada.")


class CertifyCopy(Operation[Copying]):
    name = "certify_copy"
    summary = "Compone la copia certificada de un acta de sesión: una hoja que certifica y las páginas del original."
    Parameters = Copying
    Result = CopyMade

    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> list[TemplateFault]:
        return check_template(files, template, with_given(data, OF_DOCUMENTS | {"acta": None, "copia": None}))

    def run(self, parameters: Copying, call: Call) -> CopyMade:
        tools, name = call.tools, file_name(parameters.name, PDF)
        today = call.at.astimezone(tools.config.zone).date()  # when it was asked: the same at every attempt
        with tools.database.read() as conn:
            try:
                acta = acta_by_reference(conn, parameters.acta)
            except NotFound as error:
                raise OperationFailed(error.message, permanent=True) from error
            if (already := find_by_job(conn, call.key, name)) is not None:
                return _made(already, acta, today)
            code = code_of(conn, call.case_id, name)
        pages = _pages(acta, today)
        pdf = _compose(parameters, call, acta, pages, code, today)
        facts = [*parameters.facts, *copy_facts(acta, today)]
        return _made(kept(call, pdf, name=name, title=parameters.title, code=code, facts=facts), acta, today)


def _pages(acta: ActaSesion, today: date) -> list[int]:
    if reservation_on(acta, today) == "whole":
        raise OperationFailed(
            f"{acta.name}: está reservada y no se copia. Motivo: {acta.reserved_reason}. Comunique la negativa, o "
            "levante la reserva y reintente.",
            permanent=True,
        )
    return open_pages(acta, today)


def _compose(parameters: Copying, call: Call, acta: ActaSesion, pages: list[int], code: str, today: date) -> bytes:
    original = _original(acta, call)
    given = given_to_document(call, parameters.title, code, "Copia certificada") | {"acta": _about(acta, today)}
    try:
        cover_pages = 1
        while True:
            total = cover_pages + len(pages)
            data = parameters.data | given | {"copia": {"paginas": len(pages), "total": total}}
            cover = drawn(call, parameters.template, data)
            if cover.pages == cover_pages:
                break
            cover_pages = cover.pages
        strips = drawn(call, STRIP, given | {"paginas": _strips(acta, pages, cover_pages)}).bytes
        return join_copy(cover.bytes, strips, original, pages)
    except UnreadableOriginal as error:
        raise OperationFailed(f"{acta.name}: {error}. {MEND}", permanent=True) from error


def _original(acta: ActaSesion, call: Call) -> bytes:
    try:
        return read_original(call.tools.archive, acta)
    except NotFound as error:
        raise OperationFailed(f"{acta.name}: su original falta en el archivo. {MEND}", permanent=True) from error
    except Unavailable as error:
        if "sha256" in error.details:  # damaged: trying again gives the same
            raise OperationFailed(f"{acta.name}: su original está dañado. {MEND}", permanent=True) from error
        raise


def _strips(acta: ActaSesion, pages: list[int], cover_pages: int) -> list[dict[str, Any]]:
    total = cover_pages + len(pages)
    return [
        {"n": cover_pages + turn, "total": total, "de": f"Página {page} del original: {acta.name}."}
        for turn, page in enumerate(pages, 1)
    ]


def _about(acta: ActaSesion, today: date) -> dict[str, Any]:
    return {
        "nombre": acta.name,
        "referencia": acta.reference,
        "organo": acta.body_name,
        "numero": acta.number,
        "fecha": acta.date.isoformat(),
        "tipo": acta.kind,
        "titulo": acta.title,
        "aprobada": acta.approved_on.isoformat() if acta.approved_on else None,
        "suscriben": acta.signed_by,
        "custodia": acta.custody,
        "paginas": acta.pages,
        "omitidas": reserved_words(acta, today),
        "motivo_reserva": acta.reserved_reason,
        "resumen": [acta.sha256[at : at + 8] for at in range(0, 64, 8)],
    }


def _made(document: Document, acta: ActaSesion, today: date) -> CopyMade:
    omitted = reserved_words(acta, today)
    return CopyMade.of(document, paginas=len(open_pages(acta, today)), omitidas=omitted)
