"""Bring a database to this release's schema.

Called by ``cartulario migrate-db``, the demo and the tests. Two at once are safe: the whole upgrade is one transaction
that holds an advisory lock on PostgreSQL and the write lock on SQLite; the second finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from engine.storage import fulltext, refusals, triggers
from engine.storage.tables import metadata
from engine.storage.unit_of_work import Database

SCRIPTS = Path(__file__).resolve().parent / "migrations"
_ADVISORY_LOCK = 0x0CA27012  # any number that is ours alone


def upgrade(database: Database) -> str:
    """Apply every migration that is missing; answer the revision the database is at."""
    with database.write() as conn:
        if not database.is_sqlite:
            conn.execute(sa.text("SET LOCAL lock_timeout = 0"))  # the second waits for the first, however long
            conn.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        command.upgrade(_config(conn), "head")
        return _revision(conn) or ""


def is_current(database: Database) -> bool:
    """True when the database is at this release's revision."""
    with database.read() as conn:
        return _revision(conn) == head()


def head() -> str:
    return ScriptDirectory(str(SCRIPTS)).get_current_head() or ""


def create_schema(database: Database) -> None:
    """Make every table, index and trigger at once in an empty database; the same as migrating it, and faster."""
    with database.write() as conn:
        metadata.create_all(conn)
        dialect = conn.dialect.name
        run(conn, [*triggers.statements(dialect), *refusals.refusals(dialect), *fulltext.statements(dialect)])
        MigrationContext.configure(conn).stamp(ScriptDirectory(str(SCRIPTS)), "head")


def run(conn: Connection, ddl: Sequence[str]) -> None:
    """Execute statements as they are written, without reading ``:name`` in them as a parameter."""
    for statement in ddl:
        conn.exec_driver_sql(statement)


def _revision(conn: Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()


def _config(conn: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = conn
    return config
