"""The office's own records: holidays, mail sent, the Matriz de certificaciones digitales."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from engine.storage.tables.base import metadata
from engine.storage.types import Json, UtcDateTime

feriado = Table(  # days on which a term does not run, besides Saturdays and Sundays
    "feriado",
    metadata,
    Column("day", sa.Date, primary_key=True),
    Column("name", sa.String(160), nullable=False),
    Column("kind", sa.String(12), nullable=False),  # nacional | local | receso | decreto
)

feriado_change = Table(  # every change of the calendar, with old and new
    "feriado_change",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("day", sa.Date, nullable=False),
    Column("old", Json),
    Column("new", Json),
    Column("reason", sa.String(300), nullable=False),
    Column("by", sa.Uuid, ForeignKey("person.id")),
    Column("at", UtcDateTime, nullable=False),
)

mail = Table(  # the outbox and the record of what left
    "mail",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("message_id", sa.String(200), nullable=False, unique=True),  # fixed by its job's key
    Column("case_id", sa.Uuid, ForeignKey("case.id")),
    Column("recipients", Json, nullable=False),  # {"to": […], "cc": […]}
    Column("subject", sa.String(300), nullable=False),
    Column("body", sa.Text, nullable=False),
    Column("attachments", Json, nullable=False),  # document ids
    Column("status", sa.String(12), nullable=False),  # prepared | sending | sent | doubtful | refused
    Column("error", sa.Text),
    Column("round", sa.Integer, nullable=False, server_default="0"),  # of its job, when it was last prepared
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Index("ix_mail_case", "case_id"),
    Index("ix_mail_status", "status"),
)

matriz = Table(  # Matriz de certificaciones digitales (C-37, C-41)
    "matriz",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("number", sa.String(30), nullable=False, unique=True),
    Column("job_key", sa.String(60), nullable=False, unique=True),
    Column("case_id", sa.Uuid, ForeignKey("case.id"), nullable=False),
    Column("document_id", sa.Uuid, ForeignKey("document.id"), nullable=False),
    Column("product", sa.String(120), nullable=False),
    Column("holder", sa.String(250), nullable=False),
    Column("identity", sa.String(30)),
    Column("code", sa.String(20), nullable=False),
    Column("signer", sa.String(250)),
    Column("at", UtcDateTime, nullable=False),
    Column("search", sa.Text, nullable=False, server_default=""),  # the holder, folded: accents do not matter
    Index("ix_matriz_at", "at"),
)
