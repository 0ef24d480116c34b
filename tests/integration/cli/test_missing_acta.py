"""``cartulario archive check``: a lost original of an exam acta is called by its name, with what becomes of it. That a
case begins is in ``tests/processes/test_reconstructions.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.storage.unit_of_work import Database
from tests.support.examen import actas, bring, open_mesa
from web.cli import main


@pytest.mark.req("R-55")
def test_a_lost_original_of_a_locked_acta_says_which_and_how_it_is_rebuilt(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTULARIO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CARTULARIO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CARTULARIO_PUBLIC_URL", "https://actas.example")
    database = Database(sqlite_url)
    locked, signed = actas(database, open_mesa(database, 22))
    bring(database, locked.id, "bloqueada")
    bring(database, signed.id, "firmada")
    database.close()
    would = CliRunner().invoke(main, ["archive", "check", "--dry-run"])
    assert would.exit_code == 1, would.output
    assert _told(would.output) == [
        f"  Es el original del acta de examen {locked.base}. Se iniciaría su reconstrucción."
    ]
    done = CliRunner().invoke(main, ["archive", "check"])
    assert done.exit_code == 1, done.output
    assert _told(done.output) == [
        f"  Es el original del acta de examen {locked.base}. No se pudo iniciar su reconstrucción: iníciela usted en "
        "https://actas.example/servicios/reconstruir_acta/solicitud"
    ], "its process is not published here"


def _told(output: str) -> list[str]:
    return [line for line in output.splitlines() if "acta de examen" in line]
