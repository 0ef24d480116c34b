from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.case_office import CaseOffice
from tests.support.counted import Counted


@pytest.fixture
def counted(database_url: str, tmp_path: Path) -> Iterator[Counted]:
    opened = CaseOffice.open(database_url, tmp_path / "data")
    yield Counted(opened)
    opened.app.close()
