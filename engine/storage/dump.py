"""One consistent copy of the database in a file, taken while it works, and its way back.

SQLite: ``VACUUM INTO``. PostgreSQL: ``pg_dump`` and ``pg_restore`` of the server's version or later. Called by
``upkeep.backup``.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import URL

from engine.errors import CartularioError
from engine.storage.unit_of_work import Database

VERSIONS = Path("/usr/lib/postgresql")  # where Debian keeps each release's programs


class DumpFailed(CartularioError):
    code = "dump_failed"


def dump(database: Database, target: Path) -> None:
    """Write the copy to ``target``, which must not exist. Raises DumpFailed."""
    if not database.is_sqlite:
        _run("pg_dump", database.url, "--format=custom", "--no-owner", f"--file={target}")
        return
    try:
        with closing(sqlite3.connect(str(database.url.database), isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise DumpFailed(f"No se pudo copiar la base de datos: {error}") from error


def load(source: Path, database: Database) -> None:
    """Fill an empty database from a copy that ``dump`` made on the same kind of database. Raises DumpFailed."""
    if not is_empty(database):
        raise DumpFailed("La base de datos de destino ya tiene tablas: restaure sobre una vacía.")
    if not database.is_sqlite:
        _run("pg_restore", database.url, "--no-owner", "--exit-on-error", "--single-transaction", str(source))
        return
    database.close()
    target = Path(str(database.url.database))
    for leftover in (target, target.with_name(f"{target.name}-wal"), target.with_name(f"{target.name}-shm")):
        leftover.unlink(missing_ok=True)
    shutil.copyfile(source, target)


def is_empty(database: Database) -> bool:
    with database.read() as conn:
        return not sa.inspect(conn).get_table_names()


def _run(program: str, url: URL, *arguments: str) -> None:
    place = url.set(drivername="postgresql", password=None).render_as_string()
    environment = os.environ | ({"PGPASSWORD": url.password} if url.password else {})
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [_find(program), "--no-password", f"--dbname={place}", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise DumpFailed(f"{program} no se pudo ejecutar: {error}") from error
    if done.returncode:
        raise DumpFailed(f"{program} falló: {done.stderr.strip()[-500:]}")


def _find(program: str) -> str:
    found = shutil.which(program)
    if found:
        return found
    installed = sorted(VERSIONS.glob(f"*/bin/{program}"), key=lambda path: float(path.parts[-3]))
    if not installed:
        raise DumpFailed(f"Falta {program}. Instálelo: apt-get install -y postgresql-client")
    return str(installed[-1])
