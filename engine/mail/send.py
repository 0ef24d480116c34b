"""Send a prepared letter, at most once. Called outside every transaction; each step is a short one of its own.

Raises ``Temporary`` (nothing left, try later), ``Refused`` (it will not be accepted as it is) or ``Uncertain`` (it may
have left: a person decides).
"""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

from engine.clock import Clock
from engine.mail import outbox
from engine.mail.message import Attachment, Letter, MalformedMail, compose
from engine.mail.outbox import Mail
from engine.mail.smtp import Mailer, Refused, Temporary, Uncertain
from engine.storage.unit_of_work import Database

CUT_SHORT = "un intento anterior se cortó mientras se enviaba"


def send(database: Database, mailer: Mailer, clock: Clock, mail: Mail, attachments: Sequence[Attachment] = ()) -> Mail:
    """Answers the letter as sent."""
    message = _compose(mailer, mail, attachments)
    with database.write() as conn:
        begun = outbox.begin_sending(conn, mail.id)
        if not begun:
            outbox.mark_doubtful(conn, mail.id, CUT_SHORT)
            mail = outbox.get_mail(conn, mail.id)
    if begun:
        return _hand_over(database, mailer, clock, mail, message)
    if mail.status == "sent":
        return mail
    if mail.status == "refused":
        raise Refused(mail.error or "")
    raise Uncertain(mail.error or CUT_SHORT)


def _hand_over(database: Database, mailer: Mailer, clock: Clock, mail: Mail, message: EmailMessage) -> Mail:
    try:
        envelope = mail.sender if mail.answers is None else ""  # a bounce of an answer goes to nobody
        missed = mailer.deliver(message, mail.to, mail.cc, sender=envelope)
    except Temporary as failure:
        with database.write() as conn:
            outbox.mark_not_sent(conn, mail.id, str(failure))
        raise
    except Refused as failure:
        with database.write() as conn:
            outbox.mark_refused(conn, mail.id, str(failure))
        raise
    except Uncertain as failure:
        with database.write() as conn:
            outbox.mark_doubtful(conn, mail.id, str(failure))
        raise
    with database.write() as conn:
        outbox.mark_sent(conn, mail.id, clock.now(), "; ".join(missed) or None)
        return outbox.get_mail(conn, mail.id)


def _compose(mailer: Mailer, mail: Mail, attachments: Sequence[Attachment]) -> EmailMessage:
    sender, name = (mail.sender, mail.sender_name) if mail.sender else (mailer.sender, mailer.sender_name)
    letter = Letter(
        mail.message_id, sender, name, mail.to, mail.subject, mail.body, mail.created_at, mail.cc, mail.answers
    )
    try:
        return compose(letter, attachments)
    except MalformedMail as error:
        raise Refused(str(error)) from error
