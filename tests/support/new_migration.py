"""Write the next migration from what the tables have and the last migration lacks:

    .venv/bin/python -m tests.support.new_migration "a case knows its channel"

Read what it wrote: data that must move, triggers and the full-text index are for you to add. A released migration is
never edited.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from engine.storage import migrate
from engine.storage.unit_of_work import Database


def write(message: str, scripts: Path = migrate.SCRIPTS) -> Path:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        migrate.upgrade(database)
        with database.read() as conn:
            config = Config()
            config.set_main_option("script_location", str(scripts))
            config.set_main_option("file_template", "m%%(rev)s_%%(slug)s")
            config.attributes["connection"] = conn
            number = f"{int(migrate.head() or 0) + 1:04}"
            script = command.revision(config, message, autogenerate=True, rev_id=number)
        database.close()
    if script is None or isinstance(script, list):
        raise RuntimeError("Alembic wrote no migration")
    return Path(script.path)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(write(sys.argv[1]))
