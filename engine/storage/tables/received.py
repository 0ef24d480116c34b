"""Mail that came in: each letter once, where the servers hold it, and who reads each account.

A letter's row and its raw bytes in the archive are written before anything else is done with it. What was received
never changes (``storage.triggers``); what was decided about it is in ``status`` and the columns after it.
"""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from engine.storage.tables.base import metadata
from engine.storage.types import Json, UtcDateTime

received_mail = Table(
    "received_mail",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("account", sa.String(80), nullable=False),  # a key of Config.mail_accounts
    Column("identity", sa.String(64), nullable=False),  # of Message-ID and content, without trace headers
    Column("message_id", sa.String(255), nullable=False),  # as the sender wrote it; "" when none
    Column("sender", sa.String(254), nullable=False),  # the one address of From, lower case; "" when none or several
    Column("sender_name", sa.String(200), nullable=False),
    Column("recipients", Json, nullable=False),  # {"to": [address …], "cc": [address …]}
    Column("subject", sa.String(300), nullable=False),
    Column("date", UtcDateTime),  # what the sender says
    Column("received_at", UtcDateTime, nullable=False),  # when the mail server took it
    Column("raw_sha256", sa.String(64), ForeignKey("original.sha256"), nullable=False),
    Column("size", sa.BigInteger, nullable=False),  # bytes on the server
    Column("whole", sa.Boolean, nullable=False),  # no: too large, it stays on its server
    Column("attachments", Json, nullable=False),  # [{"name", "media_type", "size", "sha256"}]
    Column("auth", Json, nullable=False),  # {"results": […], "dkim": {"domain", "result", "why"} | null}
    Column("at", UtcDateTime, nullable=False),  # when it was stored here
    Column("status", sa.String(12), nullable=False),  # new | filed | held | refused | duplicate
    Column("reason", sa.Text),  # in Spanish, for the office and the sender
    Column("items", Json),  # what was decided of each acta: inbound/received/item.py
    Column("base", sa.String(20)),  # of the first acta it brings
    Column("acta_id", sa.Uuid),  # the first acta it brings
    Column("case_id", sa.Uuid, ForeignKey("case.id")),
    Column("judged_at", UtcDateTime),
    Column("judged_by", sa.Uuid, ForeignKey("person.id")),  # none: by itself
    Column("notice", sa.String(12)),  # to the sender: due | sent | withheld | failed; none: no answer
    UniqueConstraint("account", "identity"),
    Index("ix_received_mail_status", "status", "at"),
    Index("ix_received_mail_case", "case_id"),
    Index("ix_received_mail_acta", "acta_id"),
    Index("ix_received_mail_sender", "sender", "at"),
    Index("ix_received_mail_message_id", "message_id"),
)

mail_place = Table(  # where a server holds a letter; two copies of one letter have two places
    "mail_place",
    metadata,
    Column("account", sa.String(80), primary_key=True),
    Column("uidvalidity", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("uid", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("mail_id", sa.Uuid, ForeignKey("received_mail.id"), nullable=False),
    Column("settled_at", UtcDateTime),  # when the server's copy was marked seen, and moved where the office says
    Index("ix_mail_place_mail", "mail_id"),
)

mail_reader = Table(  # one worker reads an account at a time
    "mail_reader",
    metadata,
    Column("account", sa.String(80), primary_key=True),
    Column("holder", sa.String(80)),
    Column("beat_at", UtcDateTime),  # silent for a while: another worker takes over
    Column("read_at", UtcDateTime),  # when the mailbox was last read to its end
    Column("uidvalidity", sa.BigInteger),
    Column("failed_at", UtcDateTime),  # none: it goes well
    Column("error", sa.Text),
)
