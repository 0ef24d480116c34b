"""The commands for who owns a process, on a diagram that several processes call."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config import ROOT
from tests.integration.cli.test_commands import cartulario, migrated

__all__ = ["cartulario", "migrated"]
Command = Callable[..., str]
BOTH = "acta_examen: sin problemas\nacta_rectificativa: sin problemas\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("bpmn", "forms"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
        monkeypatch.setenv(f"CARTULARIO_{folder.upper()}_DIR", str(tmp_path / folder))
    return tmp_path


@pytest.mark.parametrize("place", ["circuito_acta", "completitud", "bpmn/_comunes/circuito_acta.bpmn", "bpmn/_comunes"])
def test_a_shared_diagram_is_checked_in_each_process_that_calls_it(
    cartulario: Command, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(ROOT)
    assert cartulario("check", place) == BOTH


def test_a_shared_diagram_is_drawn_by_its_name(cartulario: Command, checkout: Path) -> None:
    file = checkout / "bpmn/_comunes/carga_acta.bpmn"
    before = file.read_bytes()
    file.write_bytes(before.replace(b'<dc:Bounds x="', b'<dc:Bounds x="9'))
    assert cartulario("draw", "carga_acta").strip() == str(file)
    assert file.read_bytes() == before
    assert "No existe" in cartulario("draw", "nadie", code=2)


def test_who_publishes_one_is_told_who_still_runs_the_former_shared_diagram_or_form(
    migrated: Command, checkout: Path
) -> None:
    assert "sigue publicado" not in migrated("publish", "acta_examen", "acta_rectificativa")
    for file in ("bpmn/_comunes/carga_acta.bpmn", "forms/_comunes/acta_control.json"):
        (checkout / file).write_text((checkout / file).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    told = migrated("publish", "acta_examen")
    assert "acta_rectificativa: sigue publicado con otra versión de lo compartido" in told
    assert "(_comunes/carga_acta.bpmn, forms/acta_control.json)" in told
    assert "sigue publicado" not in migrated("publish", "acta_rectificativa")
