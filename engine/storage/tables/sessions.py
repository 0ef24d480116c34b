"""Session actas (C-4, C-17, C-28): the bodies that hold sessions, their actas, and who reserved what and why."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from engine.storage.tables.base import metadata
from engine.storage.types import Json, UtcDateTime

collegiate_body = Table(  # an extensible catalogue (C-17)
    "collegiate_body",
    metadata,
    Column("code", sa.String(12), primary_key=True),  # CGA
    Column("name", sa.String(160), nullable=False),
    Column("active", sa.Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

acta_sesion = Table(
    "acta_sesion",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("body", sa.String(12), ForeignKey("collegiate_body.code"), nullable=False),
    Column("year", sa.Integer, nullable=False),
    Column("number", sa.Integer, nullable=False),
    Column("date", sa.Date, nullable=False),  # of the session
    Column("kind", sa.String(20), nullable=False),  # ordinaria | extraordinaria | solemne | otra
    Column("title", sa.String(300), nullable=False),
    Column("keywords", sa.Text),
    Column("pages", sa.Integer, nullable=False),
    Column("signed_by", sa.String(300)),  # as the acta says
    Column("custody", sa.String(200)),  # where the paper is
    Column("status", sa.String(12), nullable=False),  # draft | approved
    Column("approved_on", sa.Date),
    Column("sha256", sa.String(64), ForeignKey("original.sha256"), nullable=False),
    Column("imported_by", sa.Uuid, ForeignKey("person.id")),  # none: at the command line
    Column("imported_at", UtcDateTime, nullable=False),
    Column("search", sa.Text, nullable=False),  # folded and stemmed words, a space on each side
    Column("reserved", sa.String(8), nullable=False),  # none | partial | whole
    Column("reserved_pages", Json),  # [[first, last], …] when partial
    Column("reserved_reason", sa.Text),  # the legal reason
    Column("reserved_until", sa.Date),  # the last day; none: until it is lifted
    UniqueConstraint("body", "year", "number"),
    Index("ix_acta_sesion_date", "date"),
    Index("ix_acta_sesion_approved_on", "approved_on"),
)

acta_reserva = Table(  # every change of a reservation; never changed
    "acta_reserva",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("acta_id", sa.Uuid, ForeignKey("acta_sesion.id"), nullable=False),
    Column("kind", sa.String(8), nullable=False),  # none | partial | whole
    Column("pages", Json),
    Column("reason", sa.Text, nullable=False),
    Column("until", sa.Date),
    Column("by", sa.Uuid, ForeignKey("person.id")),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_acta_reserva_acta", "acta_id"),
)
