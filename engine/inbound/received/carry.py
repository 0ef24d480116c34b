"""Tell the case of what was let in: the docente's statement as a message, the authority's signed file as its task done.

Outside every transaction of ours, and safe to repeat: the request is named by letter and acta, so that a crash before
the letter is marked tells the case once.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import NAMESPACE_OID, UUID, uuid5

import sqlalchemy as sa

from engine.cases import DeliverMessage, deliver_message
from engine.errors import CartularioError, NobodyWaits, SignatureRefused, Unavailable
from engine.inbound.received.desk import Desk
from engine.inbound.received.item import LOAD, Item
from engine.inbound.sign_outside import ReturnSigned, return_signed
from engine.mail.incoming import Part, ReceivedMail
from engine.storage.tables import task

MESSAGE = "acta_devuelta"
SIGNING_TASK = "firmar_acta"
SIGNED = {"decision_firma": "firmar"}  # what its form asks; who answers by mail has signed
NOBODY = "Ningún trámite espera esta acta ahora. Queda guardada; el Departamento puede aceptarla cuando la espere."
NO_TASK = "El acta no está a la firma en este momento."


class NotYet(Exception):
    """The case may be about to wait for it: its own step may not have been committed."""


def carry(item: Item, mail: ReceivedMail, part: Part | None, desk: Desk) -> Item:
    """The item as it ended. Raises ``NotYet``, or ``Unavailable``: it is tried again."""
    try:
        return _told(item, mail, desk) if item.kind == LOAD else signed_return_checked(item, mail, part, desk)
    except NobodyWaits as error:
        raise NotYet(NOBODY) from error
    except Unavailable:
        raise
    except CartularioError as error:
        return replace(item, outcome="held", reason=error.message)


def _told(item: Item, mail: ReceivedMail, desk: Desk) -> Item:
    payload = {"carga": item.carga, "correo": str(mail.id)}
    command = DeliverMessage(MESSAGE, item.base, payload, _request(mail, item), UUID(item.actor))
    deliver_message(command, desk.engine)
    return replace(item, outcome="filed")  # its reason, if it has one, is the word of who let it in


def signed_return_checked(item: Item, mail: ReceivedMail, part: Part | None, desk: Desk) -> Item:
    """The signature is checked as that of a file uploaded at the task, and completes it (R-43, R-47)."""
    task_id = _task_of(item, desk)
    if task_id is None or part is None:
        raise NotYet(NO_TASK)
    command = ReturnSigned(task_id, UUID(item.actor), part.name, part.data, SIGNED, request_id=_request(mail, item))
    try:
        return_signed(command, desk)
    except SignatureRefused as error:
        return replace(item, outcome="refused", reason=error.message)
    return replace(item, outcome="filed")


def _task_of(item: Item, desk: Desk) -> UUID | None:
    """The acta's signing task, the latest: open, or closed by this very letter before a crash."""
    mine = sa.and_(task.c.case_id == UUID(item.case), task.c.element == SIGNING_TASK, task.c.instance == item.base)
    query = sa.select(task.c.id).where(mine, task.c.status != "cancelled").order_by(task.c.opened_at.desc()).limit(1)
    with desk.database.read() as conn:
        found: UUID | None = conn.scalar(query)
    return found


def _request(mail: ReceivedMail, item: Item) -> UUID:
    return uuid5(NAMESPACE_OID, f"correo:{mail.id}:{item.base}")
