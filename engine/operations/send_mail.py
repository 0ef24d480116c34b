"""Write to the requester or to those who hold a role, from a template of the process, at most once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection

from engine.calendar import promise_of
from engine.documents import TemplateFailed, TemplateFault, check_template, house, read_document
from engine.documents.templates import environment, fill
from engine.errors import NotFound, OperationFailed
from engine.mail import (
    Attachment,
    Mail,
    MalformedMail,
    Refused,
    Temporary,
    Uncertain,
    check_address,
    message_id_of,
    prepare_mail,
    send,
    split_template,
)
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.given import OF_MAILS, with_given
from engine.people import get_person, people_with_role

REQUESTER = "solicitante"
LARGEST = 20 * 1024 * 1024  # bytes of attachments
MAY_HAVE_LEFT = (
    "El correo «{subject}» puede haber salido: {cause}. Pregunte a quien debía recibirlo; si no llegó, reintente y se "
    "enviará otra vez; si llegó, resuelva la incidencia."
)


class Writing(BaseParameters):
    template: str = Field(
        description="Plantilla de forms/<proceso>/, como entrega.txt; su primera línea es «Asunto: …»."
    )
    to: str | list[str] = Field(description="«solicitante», o una función como secretaria; o una lista de ellas.")
    data: dict[str, Any] = Field(default_factory=dict, description="Datos para la plantilla.")
    attachments: list[DocumentId] = Field(
        default_factory=list, description="Documentos que se adjuntan.", max_length=10
    )


class MailSent(BaseResult):
    correo: str = Field(description="El correo, por su identificador.")
    para: list[str] = Field(description="Direcciones a las que se envió.")
    asunto: str = Field(description="Asunto.")
    el: str = Field(description="Instante en que el servidor de correo lo aceptó, en UTC.")


class SendMail(Operation[Writing]):
    name = "send_mail"
    summary = "Envía un correo desde una plantilla del proceso a quien lo pidió o a quienes ejercen una función."
    Parameters = Writing
    Result = MailSent

    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> list[TemplateFault]:
        return check_template(files, template, with_given(data, OF_MAILS))

    def run(self, parameters: Writing, call: Call) -> MailSent:
        subject, body = _written(parameters, call)
        with call.tools.database.read() as conn:
            to = _recipients(conn, parameters.to, call)
            attachments = _attachments(conn, parameters.attachments, call)
        with call.tools.database.write() as conn:
            mail = prepare_mail(
                conn,
                message_id=message_id_of(call.key, call.tools.mailer.domain),
                case_id=call.case_id,
                to=to,
                subject=subject,
                body=body,
                attachments=parameters.attachments,
                round=call.round,
                at=call.tools.clock.now(),
            )
        sent = _send(mail, attachments, call)
        return MailSent(
            correo=str(sent.id),
            para=list(sent.to),
            asunto=sent.subject,
            el=(sent.sent_at or call.tools.clock.now()).isoformat(),
        )


def _send(mail: Mail, attachments: Sequence[Attachment], call: Call) -> Mail:
    try:
        return send(call.tools.database, call.tools.mailer, call.tools.clock, mail, attachments)
    except Temporary as error:
        raise OperationFailed(f"El correo no salió: {error}.", permanent=False) from error
    except Refused as error:
        raise OperationFailed(f"El correo no se puede enviar: {error}.", permanent=True) from error
    except Uncertain as error:
        raise OperationFailed(MAY_HAVE_LEFT.format(subject=mail.subject, cause=error), permanent=True) from error


def _written(parameters: Writing, call: Call) -> tuple[str, str]:
    files = call.tools.definitions.get(call.version_id).bundle.files
    plain = environment(files).overlay(autoescape=False)  # a mail is plain text; its HTML is made from it, escaped
    config = call.tools.config
    given = {
        "casa": house(config),
        "institucion": config.institution,
        "unidad": config.unit,
        "numero": call.case_number,
        "enlace": f"{config.public_url.rstrip('/')}/tramites/{call.case_number}",
        "sitio": config.public_url.rstrip("/"),
        "promesa": _promise(call),
    }
    try:
        return split_template(fill(plain, parameters.template, given | parameters.data))
    except TemplateFailed as error:
        raise OperationFailed(error.message, permanent=True) from error
    except MalformedMail as error:
        raise OperationFailed(f"Plantilla «{parameters.template}»: {error}", permanent=True) from error


def _promise(call: Call) -> dict[str, Any]:
    """The dates as they are now: the same that the portal and the inbox show."""
    manifest = call.tools.definitions.get(call.version_id).manifest
    names = {product.code: product.name for product in manifest.products}
    with call.tools.database.read() as conn:
        promise = promise_of(conn, call.case_id)
    products = [
        {
            "codigo": one.key,
            "nombre": names.get(one.key, one.key),
            "dias": one.days,
            "vence": one.due_at.isoformat(),
            "listo": one.met_at is not None,
        }
        for one in promise.products
    ]
    due = promise.due_at.isoformat() if promise.due_at else None
    return {"vence": due, "pausa": promise.paused, "productos": products}


def _recipients(conn: Connection, to: str | list[str], call: Call) -> list[str]:
    addresses: list[str] = []
    for whom in [to] if isinstance(to, str) else to:
        addresses += _of_requester(conn, call) if whom == REQUESTER else _of_role(conn, whom, call)
    if not addresses:
        raise OperationFailed("El correo no tiene destinatario: revise el parámetro «to».", permanent=True)
    try:
        return [check_address(address) for address in dict.fromkeys(addresses)]
    except MalformedMail as error:
        raise OperationFailed(f"{error} Corrija la dirección de la persona.", permanent=True) from error


def _of_requester(conn: Connection, call: Call) -> list[str]:
    if call.requester_id is None:
        raise OperationFailed("El trámite no tiene solicitante a quien escribir.", permanent=True)
    return [get_person(conn, call.requester_id).email]


def _of_role(conn: Connection, role: str, call: Call) -> list[str]:
    today = call.tools.clock.now().astimezone(call.tools.config.zone).date()
    holders = people_with_role(conn, role, today, call.process)
    if not holders:
        raise OperationFailed(f"Hoy nadie ejerce la función «{role}»: asígnela y reintente.", permanent=True)
    return [person.email for person in holders]


def _attachments(conn: Connection, ids: Sequence[UUID], call: Call) -> list[Attachment]:
    found, size = [], 0
    for document_id in ids:
        try:
            document, data = read_document(conn, call.tools.archive, document_id)
        except NotFound as error:
            raise OperationFailed(f"No se encuentra un adjunto del correo: {error.message}", permanent=True) from error
        if document.case_id != call.case_id:
            raise OperationFailed("Un adjunto del correo es de otro trámite.", permanent=True)
        size += len(data)
        found.append(Attachment(document.name, document.media_type, data))
    if size > LARGEST:
        raise OperationFailed("Los adjuntos pasan de 20 MB: entréguelos por el portal.", permanent=True)
    return found
