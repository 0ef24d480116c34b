"""The only place that commits (rule 1).

``Database.write()`` is one transaction: BEGIN IMMEDIATE on SQLite, BEGIN on PostgreSQL; committed when its block ends
well, rolled back when it raises. ``Database.read()`` is a snapshot that writes nothing. A database that is away or busy
beyond its timeout raises ``Unavailable``: the caller may simply try again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.errors import Unavailable, Unstorable
from engine.storage import local_day

BUSY_TIMEOUT_MS = 5_000


def _begin(connection: Any) -> None:
    """On SQLite. Who writes takes the lock at once: two that both read first could not both go on."""
    reading = connection.info.pop("reading", False)
    connection.cursor().execute("BEGIN" if reading else "BEGIN IMMEDIATE")


class Database:
    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = sa.make_url(url)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._sqlite() if self.is_sqlite else self._postgresql(pool_size)

    def _sqlite(self) -> Engine:
        engine = sa.create_engine(
            self.url,
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
            hide_parameters=True,  # a logged error shows no personal data
        )

        @event.listens_for(engine, "connect")
        def configure(connection: Any, _record: Any) -> None:
            connection.isolation_level = None  # SQLAlchemy's BEGIN is ours to word, below
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                f"busy_timeout={BUSY_TIMEOUT_MS}",
                "cache_size=-16000",
            ):
                connection.execute(f"PRAGMA {pragma}")
            local_day.teach(connection)

        # an event would cost time at every statement, not only here
        engine.dialect.do_begin = _begin  # type: ignore[method-assign,assignment]
        return engine

    def _postgresql(self, pool_size: int) -> Engine:
        given = self.url.query.get("options", "")  # the operator's own, in the URL, stand beside ours
        options = " ".join([*((given,) if isinstance(given, str) else given), f"-c lock_timeout={BUSY_TIMEOUT_MS}"])
        return sa.create_engine(
            self.url,
            connect_args={"options": options.strip(), "connect_timeout": 5},
            pool_size=pool_size,
            max_overflow=10,
            pool_pre_ping=True,
            pool_timeout=5,
            hide_parameters=True,
        )

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._guarded(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._guarded(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.connection.info["reading"] = True
            else:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin() as transaction:
                yield connection
                transaction.rollback()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise Unavailable() from error
        except (DataError, OverflowError) as error:  # NUL, a number out of range: what the caller was given
            raise Unstorable() from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise Unavailable() from error
            raise
        except StatementError as error:
            if isinstance(error.orig, OverflowError):
                raise Unstorable() from error
            raise

    def close(self) -> None:
        self.engine.dispose()
