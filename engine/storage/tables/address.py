"""The addresses that people had: a mail is its sender's by the address registered when it came (R-45)."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from engine.storage.tables.base import metadata
from engine.storage.types import UtcDateTime

past_address = Table(  # written when ``person.email`` changes; append-only
    "past_address",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("person_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("address", sa.String(254), nullable=False),
    Column("until", UtcDateTime, nullable=False),  # the instant it ceased to be the registered one
    Index("ix_past_address_person", "person_id", "until"),
)
