"""A process that signs a batch and dies in the middle of it, by SIGKILL, at a commit of its choosing.

``python -m tests.support.doomed_batch URL DIR BATCH DEATHS``: it opens the key, takes the batch and signs; it dies at
the commit number DEATHS, just before it or (when odd) just after. The settings come in the environment.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from engine.app import build
from engine.batches import resume_signing, sign_batch, take_signing
from engine.config import Config
from engine.operations import CATALOGUE
from engine.people import find_person
from engine.storage.unit_of_work import Database
from tests.support.batch_office import KeepPdf
from tests.support.pki import PIN


def doom(database: Database, at: int) -> None:
    seen = [0]

    @sa.event.listens_for(database.engine, "commit")
    def die(connection: sa.Connection) -> None:
        seen[0] += 1
        if seen[0] == at:
            if at % 2:
                connection.connection.dbapi_connection.commit()  # type: ignore[union-attr]
            os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, folder: str, batch: str, deaths: str) -> None:
    config = Config(database_url=url, data_dir=Path(folder))
    app = replace(build(config), operations={**CATALOGUE, KeepPdf.name: KeepPdf()})
    with app.database.read() as conn:
        general = find_person(conn, "general")
    assert general is not None
    viewer, batch_id = app.inbox.viewer(general.id), UUID(batch)
    key = resume_signing(app, viewer, batch_id, PIN)
    runner = take_signing(app, batch_id)
    doom(app.database, int(deaths))
    sign_batch(app, batch_id, runner, key)


if __name__ == "__main__":
    main(*sys.argv[1:])
