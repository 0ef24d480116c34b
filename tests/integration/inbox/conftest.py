import pytest

from engine.storage.unit_of_work import Database
from tests.support.office import Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)
