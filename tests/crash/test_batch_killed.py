"""SIGKILL in the middle of a batch of signatures, again and again: it goes on where it was, and signs nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from engine.batches import get_batch, prepare_signing, resume_signing, sign_batch, signable, take_signing
from engine.batches.batch import SILENCE
from engine.history.replay import replay
from engine.storage.tables import batch, batch_item, case, event
from tests.support.batch_office import BatchOffice, open_batch_office
from tests.support.pki import PIN, Authority, authority  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parents[2]
MANY = 10
DEATHS = (7, 7)  # at which commit a life ends: signed and not completed; then completed and not recorded


@pytest.mark.req("R-9")
def test_a_batch_killed_in_the_middle_is_taken_up_again_and_each_document_is_signed_once(
    database_url: str,
    tmp_path: Path,
    authority: Authority,  # noqa: F811
) -> None:
    with open_batch_office(database_url, tmp_path / "data", authority.pki) as office:
        office.start(MANY)
        batch_id = _prepared(office)
        for number, death in enumerate(DEATHS):
            assert _sign(office, batch_id, death, authority) == -9
            with office.app.database.read() as conn:
                seen = get_batch(conn, batch_id)
            assert seen.status == "running", "nobody was there to say that it ended"
            assert 0 < seen.done < MANY, f"life {number}: {seen.counts}"
            _silence(office)
            with office.app.database.read() as conn:
                assert get_batch(conn, batch_id).state == "interrupted"
        _resumed_here(office, batch_id)
        _each_signed_once(office, batch_id)


def _prepared(office: BatchOffice) -> UUID:
    batch_id, viewer = uuid4(), office.viewer("general")
    chosen = [one.task.task_id for one in signable(office.app, viewer)]
    prepare_signing(office.app, viewer, chosen, PIN, batch_id).close()
    return batch_id


def _sign(office: BatchOffice, batch_id: UUID, death: int, authority: Authority) -> int:  # noqa: F811
    settings = {
        f"CARTULARIO_{name.upper()}": value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in authority.pki.settings().items()
    }
    url = office.app.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.support.doomed_batch", url, str(office.app.config.data_dir)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | settings
    return subprocess.run([*command, str(batch_id), str(death)], cwd=ROOT, env=environment, timeout=60).returncode


def _resumed_here(office: BatchOffice, batch_id: UUID) -> None:
    key = resume_signing(office.app, office.viewer("general"), batch_id, PIN)
    sign_batch(office.app, batch_id, take_signing(office.app, batch_id), key)


def _silence(office: BatchOffice) -> None:
    """As if its silence had lasted."""
    with office.app.database.write() as conn:
        conn.execute(batch.update().values(beat_at=datetime.now(UTC) - SILENCE - timedelta(seconds=1)))


def _each_signed_once(office: BatchOffice, batch_id: UUID) -> None:
    with office.app.database.read() as conn:
        ended = get_batch(conn, batch_id)
    assert (ended.state, ended.done) == ("done", MANY), office.all(sa.select(batch_item.c.reason))
    assert Counter(row.case_id for row in office.issued()) == {row.id: 1 for row in office.all(sa.select(case.c.id))}
    assert len(office.signed()) == MANY, "no signature was made and thrown away"
    assert all(len(row.signatures) == 1 for row in office.issued())
    signed = sa.select(event.c.case_id).where(event.c.element == "firmar", event.c.kind == "task_completed")
    assert len(office.all(signed)) == MANY
    assert len(office.open_tasks("imprimir")) == MANY
    with office.app.database.read() as conn:
        for row in office.all(sa.select(case.c.id).limit(3)):
            assert replay(conn, office.app.definitions, row.id, office.app.config.zone).identical
