"""Batches: many tasks signed in one act, many requests filed from one file, many documents printed in one run."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from engine.storage.tables.base import metadata
from engine.storage.types import Json, UtcDateTime

batch = Table(
    "batch",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("number", sa.String(30), nullable=False, unique=True),  # LOTE-2026-000012
    Column("kind", sa.String(12), nullable=False),  # firma | solicitudes | impresion
    Column("person_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("process", sa.String(80)),  # of the requests that it files
    Column("title", sa.String(200), nullable=False),
    Column("status", sa.String(12), nullable=False),  # draft (checked, not confirmed) | running | stopped | done
    Column("why", sa.Text),  # it stopped
    Column("runner", sa.Uuid),  # who carries it on; the others stand aside while it beats
    Column("beat_at", UtcDateTime),
    Column("document_id", sa.Uuid, ForeignKey("document.id")),  # the printed run, the file of requests
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Index("ix_batch_person", "person_id", "created_at"),
    Index("ix_batch_status", "status"),
)

batch_item = Table(
    "batch_item",
    metadata,
    Column("batch_id", sa.Uuid, ForeignKey("batch.id"), primary_key=True),
    Column("n", sa.Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … ; the line of the file
    Column("task_id", sa.Uuid),
    Column("case_id", sa.Uuid, ForeignKey("case.id")),
    Column("document_id", sa.Uuid, ForeignKey("document.id")),  # as its person saw it
    Column("label", sa.String(300), nullable=False),
    Column("status", sa.String(12), nullable=False),  # waiting | done | refused
    Column("reason", sa.Text),  # refused
    Column("data", Json),  # answers; the person of a request
    Column("at", UtcDateTime),
    Index("ix_batch_item_task", "task_id"),
)
