"""The check that originals are still what they were."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.archive import Archive, Damage, check, check_each
from engine.documents import store_document
from engine.storage.tables import original
from engine.storage.unit_of_work import Database

AT = datetime(2025, 11, 19, 15, tzinfo=UTC)
LATER = datetime(2025, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def store(database: Database, archive: Archive, *contents: bytes) -> list[str]:
    with database.write() as conn:
        return [
            store_document(
                conn,
                archive,
                case_id=None,
                kind="issued",
                name="a.pdf",
                title="A",
                media_type="application/pdf",
                data=data,
                at=AT,
            ).sha256
            for data in contents
        ]


@pytest.mark.req("R-51")
def test_intact_damaged_and_missing_originals_are_told_apart_and_recorded(database: Database, archive: Archive) -> None:
    intact, damaged, missing = store(database, archive, b"uno", b"dos", b"tres")
    archive.path(damaged).chmod(0o644)
    archive.path(damaged).write_bytes(b"DOS")
    archive.path(missing).unlink()
    with database.write() as conn:
        report = check(conn, archive, LATER)
    assert not report.intact
    assert report.checked == 3
    assert set(report.damages) == {Damage(damaged, "damaged"), Damage(missing, "missing")}
    with database.read() as conn:
        rows = {row.sha256: (row.fixity, row.checked_at) for row in conn.execute(sa.select(original))}
    assert rows == {intact: ("intact", LATER), damaged: ("damaged", LATER), missing: ("missing", LATER)}


def test_a_limited_check_takes_those_checked_longest_ago(database: Database, archive: Archive) -> None:
    store(database, archive, b"uno", b"dos")
    with database.write() as conn:
        assert check(conn, archive, AT, limit=1).checked == 1
        assert check(conn, archive, LATER, limit=1).checked == 1
        instants = set(conn.execute(sa.select(original.c.checked_at)).scalars())
    assert instants == {AT, LATER}


@pytest.mark.req("R-51")
def test_a_check_in_small_steps_finds_the_same_and_looks_at_each_once(database: Database, archive: Archive) -> None:
    _intact, missing, _other = store(database, archive, b"uno", b"dos", b"tres")
    archive.path(missing).unlink()
    report = check_each(database, archive, LATER, batch=2)
    assert (report.checked, report.damages) == (3, (Damage(missing, "missing"),))
    assert check_each(database, archive, LATER, batch=2).checked == 0
    assert check_each(database, archive, LATER.replace(hour=4), limit=2, batch=1).checked == 2


@pytest.mark.req("R-51")
def test_an_original_that_is_brought_back_takes_the_place_of_its_damaged_copy(
    database: Database, archive: Archive
) -> None:
    (damaged,) = store(database, archive, b"uno")
    archive.path(damaged).chmod(0o644)
    archive.path(damaged).write_bytes(b"UNO")
    assert archive.put(b"uno") == damaged
    assert archive.get(damaged) == b"uno"
