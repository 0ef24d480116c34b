"""A face of its own for each test of this folder, over a copy of a database that was filled once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.face import House, Visitor, furnish, open_house
from tests.support.smtp import SmtpServer


@pytest.fixture(scope="session")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    file = Path(shutil.copy(sqlite_template, folder / "furnished.db"))
    house = open_house(f"sqlite:///{file}", folder)
    furnish(house)
    house.app.close()
    return file


@pytest.fixture(scope="session")
def smtp() -> Iterator[int]:
    """The port of a mail server that takes everything."""
    with SmtpServer() as server:
        yield server.port


@pytest.fixture
def house(furnished: Path, smtp: int, tmp_path: Path) -> Iterator[House]:
    file = shutil.copy(furnished, tmp_path / "cartulario.db")
    made = open_house(f"sqlite:///{file}", tmp_path, smtp)
    yield made
    made.app.close()


@pytest.fixture
def visitor(house: House) -> Visitor:
    return house.visitor()


@pytest.fixture
def maria(house: House) -> Visitor:
    return house.enter("maria")
