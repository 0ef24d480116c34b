from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.case_office import CaseOffice


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[CaseOffice]:
    opened = CaseOffice.open(database_url, tmp_path / "data")
    yield opened
    opened.app.close()
