"""One demonstration authority for all scenarios, one office for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.signing import DemoPki, DemoServer, open_demo_pki
from tests.processes.world import World, open_world


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoPki]:
    made = open_demo_pki(tmp_path_factory.mktemp("pki"), "Universidad Nacional del Estuario")
    with DemoServer(made):
        yield made


@pytest.fixture
def world(database_url: str, tmp_path: Path, pki: DemoPki) -> Iterator[World]:
    with open_world(database_url, tmp_path, pki) as opened:
        yield opened
