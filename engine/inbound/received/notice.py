"""Tell the sender why a letter was refused or waits for a person. Once for each decision, and never to a machine.

Loops cannot start: what a machine wrote and what comes from our own addresses is never answered; the answer says that
nobody's program should answer it, and has the null sender; and nobody gets more than ``MOST`` a day.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.inbound.received.desk import Desk
from engine.inbound.received.facts import mentions_an_acta, whose
from engine.inbound.received.item import Item, items_of
from engine.mail import Refused, Temporary, Uncertain, message_id_of, prepare_mail, send
from engine.mail.incoming import Incoming, ReceivedMail, decide, get_received
from engine.storage.tables import received_mail

log = logging.getLogger(__name__)

MOST = 10  # answers to one address in a day
MOST_OF_ACCOUNT = 100  # answers to strangers from one account in an hour
FRESH = timedelta(days=7)  # after that an answer that never left is of no use
Due = Literal["due", "withheld"]

HEAD = "Recibimos el {when} en {address} el correo que usted envió{base}."
WORDS = {
    "refused": ("Su correo{base} no se pudo aceptar", "No se pudo aceptar por lo siguiente:"),
    "held": (
        "Su correo{base} espera a una persona",
        "Una persona debe mirarlo antes de que se acepte, por lo siguiente:",
    ),
    "filed": ("Su correo{base} se aceptó en parte", "Una parte se aceptó y otra no:"),
}
TAIL = "Su correo quedó guardado tal como llegó.{mend}\n\nEste aviso es automático: no hace falta que lo responda."
MEND = " Corrija lo que se indica y vuelva a enviarlo."


def own_addresses(desk: Desk) -> set[str]:
    return {desk.config.mail_from.lower(), *(one.address.lower() for one in desk.config.mail_accounts.values())}


def notice_due(conn: Connection, mail: ReceivedMail, letter: Incoming, desk: Desk) -> Due:
    """Whether its sender is to be answered."""
    if not mail.sender or letter.automatic or mail.sender in own_addresses(desk):
        return "withheld"
    now = desk.clock.now()
    answered = received_mail.c.notice.in_(("due", "sent"))
    to_them = sa.and_(answered, received_mail.c.sender == mail.sender, received_mail.c.at > now - timedelta(days=1))
    if _count(conn, to_them) >= MOST:
        return "withheld"
    if whose(conn, mail):
        return "due"
    of_account = sa.and_(
        answered, received_mail.c.account == mail.account, received_mail.c.at > now - timedelta(hours=1)
    )
    return "due" if mentions_an_acta(letter) and _count(conn, of_account) < MOST_OF_ACCOUNT else "withheld"


def answer_all_due(desk: Desk) -> None:
    """What could not leave before."""
    recent = received_mail.c.at > desk.clock.now() - FRESH
    mine = sa.and_(received_mail.c.status.in_(("held", "refused", "filed")), recent, received_mail.c.notice == "due")
    with desk.database.read() as conn:
        due = list(conn.scalars(sa.select(received_mail.c.id).where(mine).order_by(received_mail.c.at).limit(50)))
    for mail_id in due:
        answer_if_due(mail_id, desk)


def answer_if_due(mail_id: UUID, desk: Desk) -> None:
    """At most once: the outbox knows it by letter and decision. A server that is away is tried again later."""
    with desk.database.read() as conn:
        mail = get_received(conn, mail_id)
    if mail.notice != "due":
        return
    account = desk.config.mail_accounts.get(mail.account)
    subject, body = written(mail, account.address if account else desk.config.mail_from, desk)
    with desk.database.write() as conn:
        letter = prepare_mail(
            conn,
            message_id=message_id_of(f"aviso:{mail.id}:{mail.status}", desk.mailer.domain),
            case_id=mail.case_id,
            to=[mail.sender],
            subject=subject,
            body=body,
            at=desk.clock.now(),
            sender=(account.address, account.name) if account else None,
            answers=mail.message_id,
        )
    outcome = "sent"
    try:
        send(desk.database, desk.mailer, desk.clock, letter)
    except Temporary as failure:
        log.warning("the answer to letter %s waits: %s", mail.id, failure)
        return
    except (Refused, Uncertain) as failure:
        log.warning("the answer to letter %s did not leave, or may have: %s", mail.id, failure)
        outcome = "failed"
    with desk.database.write() as conn:
        decide(conn, mail.id, [mail.status], notice=outcome)


def written(mail: ReceivedMail, address: str, desk: Desk) -> tuple[str, str]:
    """Subject and text. Nothing of the letter's own words is sent back but names of files."""
    when = mail.received_at.astimezone(desk.config.zone).strftime("%d/%m/%Y a las %H:%M")
    base = f" sobre el acta {mail.base}" if mail.base else ""
    subject, why = WORDS[mail.status]
    pieces = [
        HEAD.format(when=when, address=address, base=base),
        "\n".join([why, *_reasons(items_of(mail))]),
        TAIL.format(mend="" if mail.status == "held" else MEND),
    ]
    return subject.format(base=base), "\n\n".join(pieces)


def _reasons(items: Sequence[Item]) -> list[str]:
    said = []
    for item in items:
        name = f"{item.base}: " if item.base else ""
        reason = item.reason or "se recibió bien."
        said += [f"- {name}{reason}", *(f"- {name}{warning}" for warning in item.warnings if item.outcome != "filed")]
    return list(dict.fromkeys(said))


def _count(conn: Connection, where: sa.ColumnElement[bool]) -> int:
    return conn.scalar(sa.select(sa.func.count()).select_from(received_mail).where(where)) or 0
