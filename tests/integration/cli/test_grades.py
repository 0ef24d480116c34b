"""``cartulario grades``: what is due is published, once, and given to SIU-Guaraní as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.storage.unit_of_work import Database
from tests.support.examen import actas, bring, open_mesa
from web.cli import main


@pytest.mark.req("R-8", "R-50")
def test_what_is_due_is_published_once_and_exported(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTULARIO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CARTULARIO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CARTULARIO_PUBLICATION_FROM", "2020-01-01")
    database = Database(sqlite_url)
    for one in actas(database, open_mesa(database, 22)):
        bring(database, one.id, "bloqueada")
    database.close()

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["grades", *arguments])
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    assert "No hay notas publicadas" in run("export", str(tmp_path / "salida"), code=1)
    assert "Se publicaron 22 notas de 2 actas." in run("publish")
    assert "Se publicaron 0 notas de 0 actas." in run("publish")
    assert "1 mesa en" in run("export", str(tmp_path / "salida"))
    assert sorted(path.name for path in (tmp_path / "salida").iterdir()) == [
        "2026-L0001-F0001.json",
        "calificaciones.csv",
    ]
    assert len(json.loads((tmp_path / "salida" / "2026-L0001-F0001.json").read_text())["actas"]) == 2
    assert "No hay notas publicadas" in run("export", str(tmp_path / "otra"), "--to", "2020-01-01", code=1)
