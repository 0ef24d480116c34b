from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Connection

from engine.people import create_person
from engine.storage.unit_of_work import Database

AT = datetime(2025, 11, 19, 15, tzinfo=UTC)


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        yield connection


@pytest.fixture
def someone(conn: Connection) -> Callable[..., UUID]:
    """Make a person; only what matters to the test needs saying."""

    def make(username: str = "rosa", given: str = "Rosa Elvira", family: str = "Peñafiel Güemes", **more: str) -> UUID:
        email = f"{username.encode('ascii', 'ignore').decode()}@une.example"
        return create_person(
            conn, username=username, given_names=given, family_names=family, email=email, at=AT, **more
        )

    return make
