"""What is done outside the lock: jobs, the workers that run them, incidents; and what people say beside a case."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from engine.storage.tables.base import metadata
from engine.storage.types import Json, UtcDateTime

job = Table(
    "job",
    metadata,
    Column("key", sa.String(60), primary_key=True),  # the idempotency key of its operation
    Column("case_id", sa.Uuid, ForeignKey("case.id"), nullable=False),
    Column("task_id", sa.Uuid, nullable=False),  # the engine's task that is STARTED
    Column("element", sa.String(120), nullable=False),
    Column("operation", sa.String(60), nullable=False),
    Column("parameters", Json, nullable=False),
    Column("status", sa.String(12), nullable=False),  # queued | done | failed (has an incident) | cancelled
    Column("result", Json),
    Column("error", sa.Text),
    Column("attempts", sa.Integer, nullable=False, server_default="0"),
    Column("round", sa.Integer, nullable=False, server_default="0"),  # +1 each time a person retries it
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("ready_at", UtcDateTime),  # not before; none: at once
    Column("handed_at", UtcDateTime),  # when the queue took it; none: it waits to be taken
    Column("turn", sa.Integer, nullable=False, server_default="0"),  # +1 each time the queue takes it
    Index("ix_job_case", "case_id"),
    Index("ix_job_status", "status"),
    Index(
        "ix_job_waiting",
        "created_at",
        sqlite_where=sa.text("status = 'queued' AND handed_at IS NULL"),
        postgresql_where=sa.text("status = 'queued' AND handed_at IS NULL"),
    ),
)

incident = Table(
    "incident",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("case_id", sa.Uuid, ForeignKey("case.id"), nullable=False),
    Column("job_key", sa.String(60), ForeignKey("job.key"), nullable=False),
    Column("element", sa.String(120), nullable=False),
    Column("cause", sa.Text, nullable=False),
    Column("permanent", sa.Boolean, nullable=False),
    Column("status", sa.String(12), nullable=False),  # open | retried | resolved | obsolete
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("closed_by", sa.Uuid),
    Column("reason", sa.Text),
    Index("ix_incident_case", "case_id"),
    Index("ix_incident_status", "status"),
)

worker = Table(  # heartbeats: a silent one is taken over
    "worker",
    metadata,
    Column("executor_id", sa.String(80), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("stopped_at", UtcDateTime),
)

comment = Table(
    "comment",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("case_id", sa.Uuid, ForeignKey("case.id"), nullable=False),
    Column("author_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("text", sa.Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("audience", sa.String(12), nullable=False, server_default="office"),  # office | requester: who else reads it
    Index("ix_comment_case", "case_id", "at"),
)
