"""The two places where an installation keeps what it knows, opened without the rest of the application.

Migrating, backing up and restoring must work when the seal cannot be opened or the schema is not there yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.archive import Archive
from engine.config import Config
from engine.storage.unit_of_work import Database


@dataclass(frozen=True)
class Installation:
    database: Database
    archive: Archive


@contextmanager
def open_installation(config: Config) -> Iterator[Installation]:
    database = Database(config.database_url)
    if database.is_sqlite and database.url.database:
        Path(database.url.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        yield Installation(database, Archive(config.data_dir / "archive"))
    finally:
        database.close()
