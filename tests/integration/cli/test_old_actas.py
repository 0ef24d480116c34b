"""The old actas from the command line: their inventory, and what to do when a scan's file is lost (R-21, R-53)."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.face import a_pdf, open_house
from tests.support.old_scans import old_acta, scan_one
from web.cli import main


@pytest.mark.req("R-21", "R-51", "R-53")
def test_the_inventory_and_a_lost_scan_of_an_acta_that_was_scanned_again(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTULARIO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CARTULARIO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CARTULARIO_PUBLIC_URL", "https://actas.example")
    app = open_house(sqlite_url, tmp_path).app
    scan_one(app, old_acta(), a_pdf())
    scan_one(app, old_acta(motivo="No se lee."), a_pdf() + b"\n", papel="danado")
    scan_one(app, old_acta("2016-L0001-F0002"), a_pdf() + b"\n\n")
    app.close()
    for path in (tmp_path / "archive").rglob("*"):
        if path.is_file():
            path.unlink()
    done = CliRunner().invoke(main, ["archive", "check"])
    told = sorted(line.strip() for line in done.output.splitlines() if "acta antigua" in line)
    again = "escanee otra vez su papel, con el motivo: https://actas.example/servicios/digitalizar_actas/solicitud"
    assert told == [
        f"Es la copia digital del acta antigua 2015-L0003-F0012. Tráigala de un respaldo o {again}",
        f"Es la copia digital del acta antigua 2016-L0001-F0002. Tráigala de un respaldo o {again}",
        "Es una copia anterior del acta antigua 2015-L0003-F0012, ya escaneada otra vez. Tráigala de un respaldo.",
    ]
    for asked, bases in (([], ["2015", "2016"]), (["--damaged-paper"], ["2015"]), (["--damaged"], ["2015", "2016"])):
        lines = CliRunner().invoke(main, ["archive", "scans", *asked]).output.splitlines()
        assert [line[:4] for line in lines[1:]] == bases, asked
    assert CliRunner().invoke(main, ["archive", "scans", "--search", "nadie"]).output.count("\n") == 1
