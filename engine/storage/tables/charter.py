"""The Carta de Servicios: its editions, what was said of its services."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from engine.storage.tables.base import metadata
from engine.storage.types import Json, UtcDateTime

carta_edition = Table(  # one row an edition; a published one never changes
    "carta_edition",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("number", sa.Integer, nullable=False, unique=True),  # 1 is printed «Primera», «1ª»
    Column("code", sa.String(40), nullable=False),  # CS_UNEMI_DSG
    Column("date", sa.Date, nullable=False),
    Column("text", Json, nullable=False),  # the whole Carta, as engine.carta.Edition reads it
    Column("hash", sa.String(64), nullable=False),  # SHA-256 of its canonical JSON
    Column("document_id", sa.Uuid, ForeignKey("document.id")),  # the signed PDF; none for the seeded edition
    Column("case_id", sa.Uuid, ForeignKey("case.id")),  # of revisar_carta; none for the seeded edition
    Column("job_key", sa.String(60), unique=True),
    Column("published_at", UtcDateTime, nullable=False),
)

satisfaction = Table(  # one question when it is delivered
    "satisfaction",
    metadata,
    Column("case_id", sa.Uuid, ForeignKey("case.id"), primary_key=True),
    Column("score", sa.Integer, nullable=False),  # 1 (mala) to 5 (excelente)
    Column("comment", sa.Text),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_satisfaction_at", "at"),
)

local_feriado = Table(  # a holiday in one place only: it counts for an office or a person there
    "local_feriado",
    metadata,
    Column("day", sa.Date, primary_key=True),
    Column("place", sa.String(60), primary_key=True),
    Column("name", sa.String(160), nullable=False),
)
