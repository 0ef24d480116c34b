"""The day of an instant at a place is the same on both databases, and that of Python."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from engine.storage.local_day import local_day
from engine.storage.types import UtcDateTime
from engine.storage.unit_of_work import Database

INSTANTS = [
    datetime(2026, 4, 1, 4, 59, 59, 999_999, tzinfo=UTC),  # the last moment of March in Guayaquil
    datetime(2026, 4, 1, 5, 0, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # the clocks of Madrid go back
    None,
]


@pytest.mark.parametrize("place", ["America/Guayaquil", "America/Argentina/Buenos_Aires", "Europe/Madrid"])
def test_it_is_the_day_that_the_people_there_have(database: Database, place: str) -> None:
    some = sa.table("some", sa.column("at", UtcDateTime))
    with database.write() as conn:
        conn.execute(sa.schema.CreateTable(sa.Table("some", sa.MetaData(), sa.Column("at", UtcDateTime))))
        conn.execute(sa.insert(some), [{"at": at} for at in INSTANTS])
        days = conn.scalars(sa.select(local_day(place, some.c.at)).order_by(some.c.at)).all()
    there = [None if at is None else at.astimezone(ZoneInfo(place)).date() for at in INSTANTS]
    assert sorted(days, key=str) == sorted(there, key=str)
