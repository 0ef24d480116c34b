"""Who took note of a norm, for which office and when (art. 6 of CSU-142/21, R-24). A row is never changed."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from engine.storage.tables.base import metadata
from engine.storage.types import UtcDateTime

norma_nota = Table(
    "norma_nota",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("norma", sa.String(20), nullable=False),  # CSU-142/21
    Column("office", sa.String(60), nullable=False),  # of its distribution list; of a Departamento, with its code
    Column("role", sa.String(80), nullable=False),  # held on that day
    Column("person_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("job_key", sa.String(160), nullable=False, unique=True),  # norm, office and person: each once
    Index("ix_norma_nota_norma", "norma", "at"),
)
