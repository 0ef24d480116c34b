"""A process that signs a batch and dies in the middle of it, by SIGKILL, at a commit of its choosing.

``python -m tests.support.doomed_batch URL DIR BATCH DEATH``: it opens the key, takes the batch and signs; it dies at
the commit number DEATH, just before it or (when odd) just after. The settings come in the environment.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from engine.app import build
from engine.batches import resume_signing, sign_batch, take_signing
from engine.config import Config
from engine.operations import CATALOGUE
from engine.people import find_person
from tests.support.batch_office import KeepPdf
from tests.support.death import doom
from tests.support.pki import PIN


def main(url: str, folder: str, batch: str, death: str) -> None:
    config = Config(database_url=url, data_dir=Path(folder))
    app = replace(build(config), operations={**CATALOGUE, KeepPdf.name: KeepPdf()})
    with app.database.read() as conn:
        general = find_person(conn, "general")
    assert general is not None
    viewer, batch_id = app.inbox.viewer(general.id), UUID(batch)
    key = resume_signing(app, viewer, batch_id, PIN)
    runner = take_signing(app, batch_id)
    at = int(death)
    doom(app.database, lambda number: None if number != at else "after" if at % 2 else "before")
    sign_batch(app, batch_id, runner, key)


if __name__ == "__main__":
    main(*sys.argv[1:])
