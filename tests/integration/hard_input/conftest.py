"""The face over a real engine, with the service of the Carta published, and people who sign in without typing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.hard_input.front_desk import FrontDesk, open_front_desk


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[FrontDesk]:
    with open_front_desk(database_url, tmp_path) as opened:
        yield opened
