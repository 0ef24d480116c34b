"""A process's versions, its cases and what they did, wait for and ask of people."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from engine.storage.tables.base import metadata
from engine.storage.types import Json, UtcDateTime

definition_version = Table(
    "definition_version",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("process", sa.String(80), nullable=False),
    Column("number", sa.Integer, nullable=False),  # 1, 2, 3 … within the process
    Column("hash", sa.String(64), nullable=False, unique=True),  # SHA-256 of the bundle
    Column("title", sa.String(200), nullable=False),
    Column("bundle", sa.LargeBinary, nullable=False),  # zip, stored whole
    Column("library_version", sa.String(40), nullable=False),
    Column("state", sa.String(12), nullable=False),  # published | retired
    Column("published_by", sa.Uuid, ForeignKey("person.id")),
    Column("approved_by", sa.Uuid, ForeignKey("person.id")),
    Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("process", "number"),
    Index(
        "uq_definition_version_published",
        "process",
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    ),
)

case = Table(
    "case",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("number", sa.String(30), nullable=False, unique=True),  # SG-2026-000318
    Column("version_id", sa.Uuid, ForeignKey("definition_version.id"), nullable=False),
    Column("process", sa.String(80), nullable=False),
    Column("revision", sa.Integer, nullable=False),  # = number of its last state-changing command
    Column("status", sa.String(12), nullable=False),  # open | completed | withdrawn
    Column("state", sa.Text, nullable=False),  # the engine's saved state, pruned
    Column("requester_id", sa.Uuid, ForeignKey("person.id")),
    Column("filed_by_id", sa.Uuid, ForeignKey("person.id")),  # a staff member filing on behalf
    Column("title", sa.String(300), nullable=False),
    Column("facts", Json, nullable=False),  # the variables named in proceso.toml, for lists and search
    Column("search", sa.Text, nullable=False),  # folded, stemmed words of number, requester, facts
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # the latest of its terms
    Column("paused_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("outcome", sa.String(60)),
    Column("channel", sa.String(12), nullable=False, server_default="portal"),  # portal | mostrador | lote | sistema
    Column("origin", sa.String(200)),  # C-10: the organism, internal or external, that a request comes from
    Column("about_id", sa.Uuid),  # the case that this one is about: a complaint, a corrective measure
    Column("edition", sa.Integer),  # of the Carta in force when it began: kept for its whole life
    Index("ix_case_about", "about_id"),
    Index("ix_case_filed_by", "filed_by_id", "opened_at"),
    Index("ix_case_requester_opened", "requester_id", "opened_at"),
    Index("ix_case_status_due", "status", "due_at"),
)

term = Table(  # one clock per product (C-48)
    "term",
    metadata,
    Column("case_id", sa.Uuid, ForeignKey("case.id"), primary_key=True),
    Column("key", sa.String(80), primary_key=True),
    Column("days", sa.Integer, nullable=False),  # business days
    Column("started_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("original_due_at", UtcDateTime, nullable=False),
    Column("paused_at", UtcDateTime),
    Column("paused_days", sa.Integer, nullable=False, server_default="0"),  # business days it stood still
    Column("met_at", UtcDateTime),
    Column("resumed_at", UtcDateTime),  # when the requester last answered
    Column("result", sa.String(12)),  # delivered | refused | abandoned | withdrawn; none while it is owed
)

event = Table(  # append-only by trigger; rule 4: the truth for people
    "event",
    metadata,
    Column("case_id", sa.Uuid, ForeignKey("case.id"), primary_key=True),
    Column("n", sa.Integer, primary_key=True, autoincrement=False),
    Column("kind", sa.String(40), nullable=False),
    Column("element", sa.String(120)),
    Column("actor", sa.Uuid),
    Column("at", UtcDateTime, nullable=False),
    Column("data", sa.Text, nullable=False),  # canonical JSON, exactly the hashed text
    Column("previous", sa.String(64), nullable=False),
    Column("hash", sa.String(64), nullable=False),
    Column("request_id", sa.Uuid, unique=True),
    Index("ix_event_at", "at"),
)

task = Table(  # a person's task, open or closed
    "task",
    metadata,
    Column("id", sa.Uuid, primary_key=True),  # the engine's own id of the task
    Column("case_id", sa.Uuid, ForeignKey("case.id"), nullable=False),
    Column("element", sa.String(120), nullable=False),
    Column("name", sa.String(200), nullable=False),
    Column("role", sa.String(60), nullable=False),  # from the lane; "solicitante" is the case's requester
    Column("form", sa.String(120)),
    Column("instance", sa.String(120)),  # key of a multi-instance child
    Column("status", sa.String(12), nullable=False),  # open | completed | cancelled
    Column("assignee_id", sa.Uuid, ForeignKey("person.id")),
    Column("claimed_at", UtcDateTime),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),  # it stops the term while open
    Column("snoozed_until", UtcDateTime),
    Column("priority", sa.Integer, nullable=False, server_default="0"),
    Column("draft", Json),
    Column("draft_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("closed_by", sa.Uuid),
    Column("product", sa.String(80)),  # of the Carta: the task is due when this product is
    Index("ix_task_case", "case_id"),
    Index(
        "ix_task_open_role",
        "role",
        "due_at",
        "id",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_include=["snoozed_until"],
        postgresql_where=sa.text("status = 'open'"),
    ),
    Index(
        "ix_task_open_unclaimed",
        "role",
        "due_at",
        "id",
        sqlite_where=sa.text("status = 'open' AND assignee_id IS NULL"),
        postgresql_include=["snoozed_until"],
        postgresql_where=sa.text("status = 'open' AND assignee_id IS NULL"),
    ),
    Index(
        "ix_task_open_due",
        "due_at",
        "id",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_include=["snoozed_until"],
        postgresql_where=sa.text("status = 'open'"),
    ),
    Index(
        "ix_task_open_assignee",
        "assignee_id",
        "due_at",
        "id",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_include=["snoozed_until"],
        postgresql_where=sa.text("status = 'open'"),
    ),
)

wait = Table(  # what a case waits for; rows live as long as the wait does
    "wait",
    metadata,
    Column("case_id", sa.Uuid, ForeignKey("case.id"), primary_key=True),
    Column("task_id", sa.Uuid, primary_key=True),  # the engine's task that waits
    Column("n", sa.Integer, primary_key=True, autoincrement=False),  # an event-based gateway waits for several
    Column("element", sa.String(120), nullable=False),
    Column("kind", sa.String(12), nullable=False),  # timer | message | signal
    Column("due_at", UtcDateTime),
    Column("message", sa.String(120)),
    Column("correlation", sa.String(200)),
    Column("watches", sa.Uuid),  # the open task of a person that a timer is about
    Column("notice", sa.String(12)),  # with it: recuerda | demora | cierra, what the timer does
    Index("ix_wait_due_at", "due_at"),
    Index(
        "uq_wait_message_correlation",
        "message",
        "correlation",
        unique=True,
        sqlite_where=sa.text("kind = 'message'"),
        postgresql_where=sa.text("kind = 'message'"),
    ),
)

numbering = Table(  # the next number of each series; locked while a case is started
    "numbering",
    metadata,
    Column("series", sa.String(20), primary_key=True),
    Column("year", sa.Integer, primary_key=True),
    Column("next", sa.Integer, nullable=False),
)

seal = Table(  # a digest over every case's chain; whoever holds yesterday's finds any later edit
    "seal",
    metadata,
    Column("n", sa.Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("cases", sa.Integer, nullable=False),
    Column("events", sa.Integer, nullable=False),
    Column("heads", sa.Text, nullable=False),  # canonical JSON: what is sealed
    Column("previous", sa.String(64), nullable=False),
    Column("hash", sa.String(64), nullable=False),
)

request_draft = Table(  # a request that its person has not sent yet; its id is the request_id of the case it becomes
    "request_draft",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("person_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("process", sa.String(80), nullable=False),
    Column("version_id", sa.Uuid, ForeignKey("definition_version.id"), nullable=False),
    Column("answers", Json, nullable=False),  # as typed; files are ids of documents without a case
    Column("created_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),  # last change
    Column("requester_id", sa.Uuid),  # the person for whom it is written at the desk; none: whose draft it is
    Column("origin", sa.String(200)),  # C-10: the organism that asks, as it will stand on the case
    Column("about_id", sa.Uuid),  # the case that it complains about
    Index("ix_request_draft_person", "person_id", "process"),
)
