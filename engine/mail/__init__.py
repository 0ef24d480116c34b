"""Mail that leaves the office: at most once, recorded, and shown to a person when nobody can know whether it left."""

from engine.mail.message import Attachment, MalformedMail, as_html, check_address, message_id_of, split_template
from engine.mail.outbox import Mail, Waiting, get_mail, list_mails, prepare_mail, waiting, was_sent
from engine.mail.send import send
from engine.mail.smtp import Mailer, Refused, Temporary, Uncertain

__all__ = [
    "Attachment",
    "Mail",
    "Mailer",
    "MalformedMail",
    "Refused",
    "Temporary",
    "Uncertain",
    "Waiting",
    "as_html",
    "check_address",
    "get_mail",
    "list_mails",
    "message_id_of",
    "prepare_mail",
    "send",
    "split_template",
    "waiting",
    "was_sent",
]
