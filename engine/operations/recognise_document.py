"""Is a file that somebody brings one of ours, an altered copy of one of ours, or somebody else's? (C-19, C-45)

By its bytes (the archive), by its signatures, by the code that it carries. Everything that reads the file runs apart.
Nothing is decided here: the diagram asks a person whenever it is not simply ours.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field
from sqlalchemy import Connection

from engine.actas.examen import is_withheld
from engine.brought import Brought, CannotShow, Look, compare_brought, look_at
from engine.documents import Document, find_by_code, find_original, find_sealed, read_document
from engine.errors import NotFound, OperationFailed
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.signing import State, Verdict, keeps_as_it_is, our_persons, signed_by_our_seal, verify_upload

UNPUBLISHED = (
    "Lleva el código de un acta de examen cuyas notas todavía no se publicaron: hasta entonces no se compara ni se "
    "sella."
)
PDF = "application/pdf"
LARGEST = 9 * 1024 * 1024  # with the seal page and signatures it must still be checked by anybody: 10 MB
COMPARED = 10  # pages
LINES = 8  # of each page, told in the case's data
_CODE = re.compile(r"\b[0-9A-Z]{4}[-\u2010-\u2013][0-9A-Z]{4}[-\u2010-\u2013][0-9A-Z]{4}\b")
_CODES = 5  # of a text, looked up
_CANNOT_KEEP = (
    "El archivo «{name}» trae firmas y su estructura no admite que se le agregue la hoja de sello sin quitárselas. "
    "Pida a quien lo emitió otra copia."
)
VerdictName = Literal["ours_intact", "ours_tampered", "foreign", "unreadable"]


class Recognising(BaseParameters):
    document: DocumentId = Field(description="El archivo presentado.")


class PageDifference(BaseResult):
    pagina: int
    quitado: list[str]
    agregado: list[str]
    parte: float


class Recognised(BaseResult):
    veredicto: VerdictName = Field(
        description="ours_intact: nuestro e íntegro; ours_tampered: dice ser nuestro y no coincide; foreign: de otra "
        "entidad; unreadable: no se puede leer o no se puede sellar así."
    )
    motivo: str = Field(description="Por qué, en una frase; si no se puede sellar, qué hacer.")
    original: str | None = Field(description="Nuestro original, cuando se sabe cuál es.")
    codigo: str | None = Field(description="El código de verificación de nuestro original.")
    titulo: str | None = Field(description="El título de nuestro original.")
    nombre: str = Field(description="Nombre del archivo presentado.")
    formato: str = Field(description="application/pdf, image/jpeg o image/png.")
    sha256: str = Field(description="Resumen SHA-256 del archivo presentado.")
    paginas: int = Field(description="Cuántas páginas tiene.")
    firmas: list[str] = Field(description="Quiénes lo firmaron electrónicamente, con lo que se sabe de cada firma.")
    sellado_antes: str | None = Field(description="Código del sellado anterior de este mismo archivo, si lo hubo.")
    diferencias: list[PageDifference] = Field(
        description="De una copia alterada, por página: pagina, quitado, agregado y parte (fracción de la imagen)."
    )


class _Found:
    """What is known so far; ``original`` and ``ours`` may be found by bytes, code or signature."""

    def __init__(self, verdict: VerdictName, reason: str, original: Document | None = None) -> None:
        self.verdict: VerdictName = verdict
        self.reason = reason
        self.original = original


class RecogniseDocument(Operation[Recognising]):
    name = "recognise_document"
    summary = "Reconoce un archivo presentado: si es nuestro e íntegro, una copia alterada de uno nuestro, o ajeno."
    Parameters = Recognising
    Result = Recognised

    def run(self, parameters: Recognising, call: Call) -> Recognised:
        with call.tools.database.read() as conn:
            document, data = brought_document(conn, parameters.document, call)
        file = Brought(data, document.media_type)
        look = look_at(file)
        checked = _signatures(file, look, call)
        found = _judge(document, file, look, checked, call)
        with call.tools.database.read() as conn:
            before = find_sealed(conn, document.sha256)
        return Recognised(
            veredicto=found.verdict,
            motivo=found.reason,
            original=str(found.original.id) if found.original else None,
            codigo=found.original.code if found.original else None,
            titulo=found.original.title if found.original else None,
            nombre=document.name,
            formato=document.media_type,
            sha256=document.sha256,
            paginas=look.pages,
            firmas=[_told(one.name, one.problem) for one in checked.signers] if checked else [],
            sellado_antes=before.code if before else None,
            diferencias=_differences(file, found, look.pages, call) if found.verdict == "ours_tampered" else [],
        )


def brought_document(conn: Connection, document_id: DocumentId, call: Call) -> tuple[Document, bytes]:
    """A file of this case. Raises OperationFailed."""
    try:
        document, data = read_document(conn, call.tools.archive, document_id)
    except NotFound as error:
        raise OperationFailed("El archivo presentado no existe.", permanent=True) from error
    if document.case_id != call.case_id:
        raise OperationFailed("El archivo presentado es de otro trámite.", permanent=True)
    return document, data


def refusal(document: Document, look: Look, size: int) -> str | None:
    """Why this file cannot be sealed as it is, and what to do; None when it can."""
    if size > LARGEST:
        return f"El archivo «{document.name}» pasa de 9 MB. Envíe una copia más liviana."
    return f"El archivo «{document.name}» {look.trouble}" if look.trouble else None


def _signatures(file: Brought, look: Look, call: Call) -> Verdict | None:
    if look.trouble or file.media_type != PDF:
        return None
    with call.tools.database.read() as conn:
        match = find_original(conn, file.data)
        original = read_document(conn, call.tools.archive, match.document.id)[1] if match else None
    return verify_upload(file.data, call.tools.signing.trust, original=original, at=call.tools.clock.now())


def _judge(document: Document, file: Brought, look: Look, checked: Verdict | None, call: Call) -> _Found:
    with call.tools.database.read() as conn:
        match = find_original(conn, file.data)
        if match is not None and is_withheld(conn, match.document.id):
            return _Found("unreadable", UNPUBLISHED)
        if match is not None and match.how == "exact":
            return _Found(
                "ours_intact", "Es idéntico, byte por byte, a un documento de nuestro archivo.", match.document
            )
        if refused := refusal(document, look, len(file.data)):
            return _Found("unreadable", refused)
        claimed = match.document if match else _by_printed_code(conn, look)
        if claimed is not None and is_withheld(conn, claimed.id):
            return _Found("unreadable", UNPUBLISHED)
        persons = our_persons(conn, checked.signers) if checked else []
    if match is not None and match.how == "begins" and checked and _only_signed(checked):
        return _Found("ours_intact", "Contiene nuestro original completo; solo se le agregaron firmas.", match.document)
    if claimed is not None:
        return _Found(
            "ours_tampered",
            f"Lleva el código {claimed.code} de un documento nuestro, pero no es el que emitimos: compárelo con él.",
            claimed,
        )
    if file.media_type == PDF and b"/ByteRange" in file.data and keeps_as_it_is(file.data) is not None:
        return _Found("unreadable", _CANNOT_KEEP.format(name=document.name))
    return _by_signature(document, checked, persons, call) if checked and checked.signers else _foreign()


def _by_signature(document: Document, checked: Verdict, persons: list[str], call: Call) -> _Found:
    sealed = signed_by_our_seal(call.tools.signing, checked.signers)
    broken = State.BAD in (checked.integrity.state, checked.changes.state)
    if (sealed or persons) and broken:
        return _Found("ours_tampered", "Lleva una firma de esta institución, pero lo que se firmó fue alterado.")
    if sealed:
        return _Found("ours_intact", "Lleva el sello electrónico de esta institución, intacto.")
    if broken:
        return _Found(
            "unreadable",
            f"El archivo «{document.name}» cambió después de que lo firmaran: su firma ya no vale. Pida a quien lo "
            "emitió el archivo tal como lo firmó.",
        )
    if persons:
        return _Found(
            "foreign", f"Lleva la firma válida de {', '.join(persons)}, de esta institución, y no consta en el archivo."
        )
    return _foreign()


def _foreign() -> _Found:
    return _Found("foreign", "No consta en nuestro archivo ni lleva nuestra firma: hay que cotejarlo con el original.")


def _only_signed(checked: Verdict) -> bool:
    return checked.integrity.state is State.OK and checked.changes.state is State.OK


def _by_printed_code(conn: Connection, look: Look) -> Document | None:
    """Ours by the code that is printed on some page."""
    codes = dict.fromkeys(code for text in look.texts for code in _CODE.findall(text.upper()))
    return next(filter(None, (find_by_code(conn, code) for code in list(codes)[:_CODES])), None)


def _differences(file: Brought, found: _Found, pages: int, call: Call) -> list[PageDifference]:
    if found.original is None:
        return []
    with call.tools.database.read() as conn:
        ours, data = read_document(conn, call.tools.archive, found.original.id)
    told = []
    for page in range(min(pages, COMPARED)):
        try:
            made = compare_brought(file, Brought(data, ours.media_type), page, 600)
        except CannotShow:
            continue
        if made.share or made.removed or made.added:
            told.append(
                PageDifference(
                    pagina=page + 1,
                    quitado=[line[:160] for line in made.removed[:LINES]],
                    agregado=[line[:160] for line in made.added[:LINES]],
                    parte=made.share,
                )
            )
    return told


def _told(name: str, problem: str | None) -> str:
    return f"{name}: {problem}" if problem else f"{name}: válida"
