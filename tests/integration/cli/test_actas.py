"""``cartulario actas``, as an office loads the folder that it has."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from web.cli import main

INDEX = """organo,numero,fecha,titulo,aprobada,archivo,palabras
CGA,7,2025-03-09,Distributivo,2025-03-30,siete.pdf,"docentes, carga"
ETICA,1,2025-03-09,Instalación,2025-03-30,etica.pdf,
CGA,8,2025-04-09,Falta su archivo,2025-04-30,ocho.pdf,
"""


def pdf(title: str) -> bytes:
    with pikepdf.new() as made:
        out = io.BytesIO()
        made.add_blank_page()
        made.docinfo["/Title"] = title
        made.save(out)
        return out.getvalue()


@pytest.mark.req("C-17", "C-28")
def test_a_folder_is_looked_at_loaded_and_searched(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTULARIO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CARTULARIO_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "actas"
    folder.mkdir()

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["actas", *arguments])
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    assert "no hay un índice" in run("import", str(folder), code=2)
    (folder / "indice.csv").write_text(INDEX, encoding="utf-8-sig")
    for name in ("siete", "etica", "suelta"):
        (folder / f"{name}.pdf").write_bytes(pdf(name))
    looked = run("import", str(folder), "--dry-run", code=1)
    assert "línea 3, etica.pdf: El órgano «ETICA» no está en el catálogo" in looked
    assert "3 filas: 1 se aceptan, 2 rechazadas" in looked
    assert run("search") == ""
    assert "Comité de Ética" in run("body", "etica", "Comité de Ética")
    told = run("import", str(folder), code=1)
    assert "línea 4, CGA-2025-8: No vino el archivo «ocho.pdf»." in told
    assert "suelta.pdf: el índice no lo nombra." in told
    assert "3 filas: 2 cargadas, 1 rechazadas" in told
    assert "CGA-2025-7" in run("search", "docente", "--since", "2025-03-01", "--until", "2025-03-31")
    assert run("search", "docente", "--body", "ETICA") == ""
    (folder / "indice.csv").write_text("organo\nCGA\n", encoding="utf-8")
    assert "le falta la columna «numero»" in run("import", str(folder), code=1)
