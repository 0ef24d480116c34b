"""Write to the requester, to people, to those who hold a role or to an account of the office, from a template of the
process, at most once."""

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
    message_id_of,
    prepare_mail,
    send,
    split_template,
)
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.document_id import DocumentId
from engine.operations.given import OF_MAILS, with_given
from engine.operations.recipients import account_of, addresses_of

LARGEST = 20 * 1024 * 1024  # bytes of attachments
MAY_HAVE_LEFT = (
    "El correo «{subject}» puede haber salido: {cause}. Pregunte a quien debía recibirlo; si no llegó, reintente y se "
    "enviará otra vez; si llegó, resuelva la incidencia."
)


class Writing(BaseParameters):
    template: str = Field(
        description="Plantilla de forms/<proceso>/, como entrega.txt; su primera línea es «Asunto: …»."
    )
    to: str | list[str] = Field(
        description="«solicitante», una función como secretaria, una cuenta (cuenta:actas), una persona, un tribunal "
        "(tribunal:<mesa>); o una lista."
    )
    cc: str | list[str] = Field(default_factory=list, description="Con copia: a quiénes, como en «to».")
    account: str | None = Field(
        None, description="Cuenta de mail_accounts de la que sale, como actas; sin ella, la de la institución."
    )
    each: bool = Field(
        default=False, description="Una carta a cada destinatario, que no ve a los demás; no lleva copias."
    )
    data: dict[str, Any] = Field(default_factory=dict, description="Datos para la plantilla.")
    attachments: list[DocumentId] = Field(
        default_factory=list, description="Documentos que se adjuntan.", max_length=10
    )


class MailSent(BaseResult):
    correo: str = Field(description="El correo, por su identificador.")
    para: list[str] = Field(description="Direcciones a las que se envió.")
    cc: list[str] = Field(default_factory=list, description="Direcciones que recibieron copia.")
    asunto: str = Field(description="Asunto.")
    el: str = Field(description="Instante en que el servidor de correo lo aceptó, en UTC.")


class SendMail(Operation[Writing]):
    name = "send_mail"
    summary = "Envía un correo desde una plantilla del proceso a quien lo pidió, a personas, funciones o cuentas."
    Parameters = Writing
    Result = MailSent
    by_hand = True

    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> list[TemplateFault]:
        return check_template(files, template, with_given(data, OF_MAILS))

    def run(self, parameters: Writing, call: Call) -> MailSent:
        subject, body = _written(parameters, call)
        with call.tools.database.read() as conn:
            to = addresses_of(conn, parameters.to, call)
            cc = [one for one in addresses_of(conn, parameters.cc, call) if one not in to]
            attachments = _attachments(conn, parameters.attachments, call)
        if not to:
            raise OperationFailed("El correo no tiene destinatario: revise el parámetro «to».", permanent=True)
        if parameters.each and cc:
            raise OperationFailed("Lo que va a cada uno por separado no lleva copias: quite «cc».", permanent=True)
        mails = _prepared(parameters, subject, body, to, cc, call)
        sent = [_send(mail, attachments, call) for mail in mails]
        last = sent[-1]
        return MailSent(
            correo=str(sent[0].id),
            para=[address for mail in sent for address in mail.to],
            cc=list(last.cc),
            asunto=last.subject,
            el=(last.sent_at or call.tools.clock.now()).isoformat(),
        )


def _prepared(parameters: Writing, subject: str, body: str, to: list[str], cc: list[str], call: Call) -> list[Mail]:
    """Recorded before any leaves. Of many letters each is known by its address, so that a mended one gets its own."""
    config, domain = call.tools.config, call.tools.mailer.domain
    account = account_of(config, parameters.account) if parameters.account else None
    letters = {f"{call.key}:{one}": [one] for one in to} if parameters.each else {call.key: to}
    with call.tools.database.write() as conn:
        return [
            prepare_mail(
                conn,
                message_id=message_id_of(key, domain),
                case_id=call.case_id,
                to=people,
                cc=cc,
                sender=(account.address, account.name) if account else None,
                subject=subject,
                body=body,
                attachments=parameters.attachments,
                round=call.round,
                at=call.tools.clock.now(),
            )
            for key, people in letters.items()
        ]


def _send(mail: Mail, attachments: Sequence[Attachment], call: Call) -> Mail:
    try:
        return send(call.tools.database, call.tools.mailer, call.tools.clock, mail, attachments)
    except Temporary as error:
        raise OperationFailed(f"El correo no salió: {error}.", permanent=False, away=True) from error
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
            "listo": one.met_at is not None and one.result in (None, "delivered"),
            "negado": one.result == "refused",
        }
        for one in promise.products
    ]
    due = promise.due_at.isoformat() if promise.due_at else None
    return {"vence": due, "pausa": promise.paused, "productos": products}


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
