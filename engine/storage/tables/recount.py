"""Changes of the calendar that the open cases have followed."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Table

from engine.storage.tables.base import metadata
from engine.storage.types import UtcDateTime

calendar_recount = Table(  # no row: the terms of the open cases are still being counted again
    "calendar_recount",
    metadata,
    Column("change_id", sa.Uuid, ForeignKey("feriado_change.id"), primary_key=True),
    Column("moved", sa.Integer, nullable=False),  # cases whose date changed, since the change or its last interruption
    Column("at", UtcDateTime, nullable=False),
)
