"""People, the roles they hold or are delegated, and their sessions."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from engine.storage.tables.base import metadata
from engine.storage.types import Json, UtcDateTime

person = Table(
    "person",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("username", sa.String(120), nullable=False, unique=True),  # lower case
    Column("given_names", sa.String(120), nullable=False),
    Column("family_names", sa.String(120), nullable=False),
    Column("email", sa.String(254), nullable=False),
    Column("identity_kind", sa.String(12)),  # cedula | pasaporte | dni | cuil
    Column("identity_number", sa.String(30)),
    Column("profile", sa.String(20)),  # estudiante | graduado | administrativo | externo; none for staff only
    Column("password_hash", sa.String(200)),
    Column("language", sa.String(5), nullable=False, server_default="es"),
    Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    Column("search", sa.String(400), nullable=False, server_default=""),  # folded words of names and identity
    Column("created_at", UtcDateTime, nullable=False),
    Column("organization", sa.String(200)),  # the organism that an external requester writes for (C-10)
    Column("place", sa.String(60)),  # where the person is, when local holidays there count (COA art. 159)
)

holding = Table(  # who holds a role, from when to when (C-7)
    "holding",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("person_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("role", sa.String(60), nullable=False),
    Column("since", sa.Date, nullable=False),
    Column("until", sa.Date),  # inclusive
    Column("acting", sa.Boolean, nullable=False, server_default=sa.false()),  # (e): encargado
    Index("ix_holding_person", "person_id"),
    Index("ix_holding_role", "role"),
)

delegation = Table(  # C-24: a role lent, with dates and scope
    "delegation",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("from_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("to_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("role", sa.String(60), nullable=False),
    Column("process", sa.String(80)),  # none: all
    Column("since", sa.Date, nullable=False),
    Column("until", sa.Date, nullable=False),  # inclusive
    Column("reason", sa.String(300), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Index("ix_delegation_to", "to_id"),
)

web_session = Table(
    "web_session",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("token_hash", sa.String(64), nullable=False, unique=True),
    Column("person_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("address", sa.String(60)),
    Column("agent", sa.String(200)),
    Column("revoked_at", UtcDateTime),
    Index("ix_web_session_person", "person_id"),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("person_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("name", sa.String(120), nullable=False),
    Column("token_hash", sa.String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

saved_filter = Table(
    "saved_filter",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("person_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("name", sa.String(120), nullable=False),
    Column("query", sa.String(1000), nullable=False),
    sa.UniqueConstraint("person_id", "name"),
)

unsent_form = Table(  # sent when the session had just ended; given back after signing in again
    "unsent_form",
    metadata,
    Column("person_id", sa.Uuid, ForeignKey("person.id"), primary_key=True),
    Column("page", sa.String(500), primary_key=True),  # address of the page that shows the form
    Column("fields", Json, nullable=False),  # [[name, value], …]
    Column("at", UtcDateTime, nullable=False),
)

person_change = Table(  # what was done to somebody's functions, loans, account or registered data; append-only
    "person_change",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("person_id", sa.Uuid, ForeignKey("person.id"), nullable=False),  # to whom
    Column("other_id", sa.Uuid, ForeignKey("person.id")),  # the other one of a loan: who receives it
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", sa.Uuid, ForeignKey("person.id")),  # none: an operator at the server
    Column("operator", sa.String(120)),  # their account there
    Column("what", sa.String(20), nullable=False),  # of engine.people.change
    Column("detail", Json, nullable=False),  # role, dates, reason; of data, {"changes": {name: [old, new]}}
    sa.CheckConstraint("(by_id IS NULL) <> (operator IS NULL)", name="ck_person_change_by"),
    Index("ix_person_change_person", "person_id", "at"),
    Index("ix_person_change_other", "other_id", "at"),
    Index("ix_person_change_at", "at"),
)
