"""What the office ended counts as given up, late when it was late, and is told apart: the events say the same."""

from __future__ import annotations

import uuid
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.cases import ArchiveCase, archive_case
from engine.indicators import board_sheets, compact_all
from engine.storage.tables import incident, job, term
from tests.support.counted import MONDAY, Counted


def _end(counted: Counted, case_id: UUID) -> None:
    """As when an operation of it failed for good."""
    app, now = counted.app, counted.office.clock.now()
    about = {"case_id": case_id, "element": "revisar"}
    with app.database.write() as conn:
        key = f"{case_id.hex}-x"
        row = {"key": key, "task_id": uuid.uuid4(), "operation": "x", "parameters": {}, "status": "failed"}
        conn.execute(job.insert().values(**row, **about, created_at=now))
        opened = {"id": uuid.uuid4(), "job_key": key, "cause": "No", "permanent": True, "status": "open"}
        conn.execute(incident.insert().values(**opened, **about, opened_at=now))
    archive_case(ArchiveCase(case_id, counted.office.people["admin"], "No se puede", uuid.uuid4()), app.engine)


@pytest.mark.req("C-48", "C-51")
def test_in_time_it_is_no_commitment_kept_nor_broken_and_it_is_seen(counted: Counted) -> None:
    case_id = counted.start()
    _end(counted, case_id)
    total = counted.board().total
    assert (total.received, total.abandoned, total.archived, total.kept, total.late) == (1, 1, 1, 0, 0)
    assert (total.ended, total.withdrawal_rate) == (1, 100.0)
    with counted.app.database.read() as conn:
        found = conn.scalars(sa.select(term.c.result).where(term.c.case_id == case_id)).all()
    assert set(found) == {"abandoned"}
    assert counted.recount().agrees
    compact_all(counted.app.database)
    assert counted.recount().agrees
    assert counted.board().total.archived == 1
    by_service = board_sheets(counted.board())[1]
    column = by_service.headings.index("Desistidas: cerradas por la oficina")
    assert sum(row[column] for row in by_service.rows) == 1


@pytest.mark.req("C-48", "C-51")
def test_too_late_it_is_late_all_the_same(counted: Counted) -> None:
    case_id = counted.start()
    counted.office.clock.instant = MONDAY + timedelta(days=2)
    _end(counted, case_id)
    total = counted.board().total
    assert (total.abandoned, total.archived, total.late) == (1, 1, 1), "that of one day, and not that of three"
    assert counted.recount().agrees


def test_of_one_that_stood_still_the_pause_ends_with_it(counted: Counted) -> None:
    case_id = counted.start()
    counted.do(case_id, "revisar", decision="devolver")
    counted.office.clock.instant = MONDAY + timedelta(days=3)
    _end(counted, case_id)
    assert (counted.board().total.archived, counted.board().total.late) == (1, 0)
    assert counted.recount().agrees
    assert counted.office.replayed(case_id).identical
