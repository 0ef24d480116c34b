"""Documents: send a file, read one; and verification by code, open to anybody."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from apiflask import APIBlueprint, FileSchema
from apiflask.fields import UploadFile
from flask import Response

from engine.actas.examen import is_withheld, superseded
from engine.documents import (
    OF_A_PERSON,
    OF_THE_OFFICE,
    Document,
    check_upload,
    find_by_code,
    get_document,
    read_document,
    store_upload,
)
from engine.errors import NotFound
from engine.history.case_file import get_case
from engine.inbox.case_view import CaseView
from engine.inbox.commands.attach import attach
from web.api.auth import auth, person, viewer
from web.api.cases import open_view
from web.api.limits import FILES_PER_MINUTE, OPEN_PER_MINUTE, UPLOADS_PER_MINUTE, limiter
from web.api.schemas import DocumentOut
from web.api.schemas_work import AnswerOut, LaterActa, SignerOut, VerdictOut, VerifiedDocument
from web.api.text import In, ShortText
from web.current import cartulario
from web.verify.judge import judge_file

documents = APIBlueprint("documents", __name__, tag="Documentos")


class FileIn(In):
    file: UploadFile


def store(sent: FileIn) -> Document:
    """Raises RateLimitExceeded, TooManyUploads and what ``check_upload`` raises."""
    app, file = cartulario(), sent.file
    with limiter.limit(UPLOADS_PER_MINUTE, key_func=lambda: str(person().id)):
        quota = OF_THE_OFFICE if viewer().is_staff else OF_A_PERSON
    checked = check_upload(
        filename=file.filename or "archivo",
        stream=file.stream,
        allowed=(),
        max_bytes=app.config.max_upload,
        clamd=app.config.clamd,
    )
    with app.database.write() as conn:
        return store_upload(conn, app.archive, checked, created_by=person().id, at=app.clock.now(), quota=quota)


@documents.post("/uploads")
@documents.auth_required(auth)
@documents.input(FileIn, location="files")
@documents.output(DocumentOut, status_code=201)
@documents.doc(summary="Enviar un archivo", description="Su «id» va en la respuesta de un campo de archivos.")
def upload(files_data: FileIn) -> DocumentOut:
    return DocumentOut.model_validate(store(files_data))


@documents.post("/cases/<number:number>/attachments")
@documents.auth_required(auth)
@documents.input(FileIn, location="files")
@documents.output(DocumentOut, status_code=201)
@documents.doc(summary="Añadir un documento al trámite", description="Quien solicita no lo ve.")
def attach_file(number: str, files_data: FileIn) -> DocumentOut:
    app, view = cartulario(), open_view(number, inside=True)
    document = store(files_data)
    with app.database.write() as conn:
        attach(conn, viewer(), view.id, document.id, lanes=app.inbox.lanes, at=app.clock.now())
        return DocumentOut.model_validate(get_document(conn, document.id))


def require_document(document_id: UUID) -> CaseView | None:
    """One's own upload, or one that the case shows to this person: that case. Raises NotFound; also for what the office
    made of many cases (a print run, a file of requests, a report): their rooms ask for the function."""
    with cartulario().database.read() as conn:
        document = get_document(conn, document_id)
        if document.case_id is None and document.kind == "upload" and document.created_by == person().id:
            return None
        if document.case_id is None:
            raise NotFound()
        number = get_case(conn, document.case_id).number
    view = open_view(number)
    if document_id not in {line.id for line in view.documents}:
        raise NotFound()
    return view


@documents.get("/documents/<uuid:document_id>")
@documents.auth_required(auth)
@documents.output(DocumentOut)
@documents.doc(summary="Los datos de un documento")
def get(document_id: UUID) -> DocumentOut:
    require_document(document_id)
    with cartulario().database.read() as conn:
        return DocumentOut.model_validate(get_document(conn, document_id))


@documents.get("/documents/<uuid:document_id>/content")
@documents.auth_required(auth)
@documents.output(FileSchema(type="string", format="binary"), content_type="application/octet-stream")
@documents.doc(summary="El archivo")
def content(document_id: UUID) -> Response:
    view, app = require_document(document_id), cartulario()
    with app.database.read() as conn:
        document, data = read_document(conn, app.archive, document_id)
    if view is not None and view.relation != "requester":
        app.inbox.log_read(viewer(), view.id, f"Abrió «{document.title or document.name}»", document_id=document_id)
    response = Response(data, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=document.name)
    return response


class FileToVerify(In):
    file: UploadFile
    code: ShortText | None = None


@documents.post("/verification")
@limiter.limit(FILES_PER_MINUTE)
@documents.input(FileToVerify, location="form_and_files")
@documents.output(VerdictOut)
@documents.doc(summary="Comprobar un archivo", description="Sin token: las cuatro respuestas de la página pública.")
def verify_file(form_and_files_data: FileToVerify) -> VerdictOut:
    sent = form_and_files_data
    judged = judge_file(sent.file, sent.code or "")
    document = judged.document
    return VerdictOut(
        accepted=judged.verdict.accepted,
        summary=judged.verdict.summary,
        answers={name: AnswerOut(state=a.state.value, text=a.text) for name, a in judged.verdict.answers.items()},
        signers=[SignerOut.model_validate(asdict(signer)) for signer in judged.verdict.signers],
        code=document.code if document else None,
        superseded_by=[LaterActa.model_validate(one) for one in judged.later],
    )


@documents.get("/verification/<code:code>")
@limiter.limit(OPEN_PER_MINUTE)
@documents.output(VerifiedDocument)
@documents.doc(summary="Comprobar un código", description="Sin token: lo mismo que muestra la página pública.")
def verification(code: str) -> VerifiedDocument:
    with cartulario().database.read() as conn:
        document = find_by_code(conn, code)
        if document is None:
            raise NotFound()
        withheld = is_withheld(conn, document.id)
        later = superseded(conn, document.id, cartulario().clock.now())
    return VerifiedDocument(
        code=document.code or code,
        title=document.title,
        sha256=document.sha256,
        issued_at=document.created_at,
        facts=[] if withheld else document.facts,
        signatures=document.signatures,
        superseded_by=[LaterActa.model_validate(one) for one in later],
    )
