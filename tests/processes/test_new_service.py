"""Adding a service needs no Python (rule 8): the template, copied and renamed, is published and runs to its ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.config import ROOT
from engine.definitions import Bundle, check, new_service
from engine.errors import Conflict, InvalidAnswers
from tests.processes.player import Player
from tests.processes.world import World


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing but the template and what processes share."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "bpmn" / "_plantilla", root / "bpmn" / "_plantilla")
    for name in ("_plantilla", "_comunes", "_base"):
        shutil.copytree(ROOT / "forms" / name, root / "forms" / name)
    return root


@pytest.mark.req("C-14")
def test_a_new_service_is_published_and_runs_to_its_ends_without_python(checkout: Path, world: World) -> None:
    files = new_service("solicitar_horario", checkout / "bpmn", checkout / "forms")
    assert {file.suffix for file in files} == {".bpmn", ".toml", ".json", ".txt", ".html"}
    version = world.publish("solicitar_horario", checkout / "bpmn", checkout / "forms")
    definition = world.app.definitions.get(version)
    for scenario in definition.scenarios:
        Player(world, definition).play(scenario)


def test_a_new_service_checks_clean_under_its_own_name(checkout: Path, world: World) -> None:
    new_service("solicitar_horario", checkout / "bpmn", checkout / "forms", "Solicitar el horario")
    bundle = Bundle.read(checkout / "bpmn", checkout / "forms", "solicitar_horario")
    assert check(bundle, world.app.operations) == []
    assert bundle.manifest.title == "Solicitar el horario"
    assert b"proceso_nuevo" not in b"".join(bundle.files.values())


def test_a_taken_or_odd_name_is_refused_and_nothing_is_written(checkout: Path) -> None:
    for name, error in (("_plantilla", InvalidAnswers), ("Servicio", InvalidAnswers), ("../fuera", InvalidAnswers)):
        with pytest.raises(error):
            new_service(name, checkout / "bpmn", checkout / "forms")
    new_service("uno", checkout / "bpmn", checkout / "forms")
    with pytest.raises(Conflict):
        new_service("uno", checkout / "bpmn", checkout / "forms")
    assert sorted(p.name for p in (checkout / "bpmn").iterdir()) == ["_plantilla", "uno"]
