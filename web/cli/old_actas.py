"""``cartulario archive scans``, the inventory of the digitised old exam actas; and what ``archive check`` says of a
lost file of theirs.
"""

from __future__ import annotations

from uuid import UUID

import click

from engine.actas.examen import ScanQuery, Scope, export_scans
from web.cli.opened import open_app

NOBODY = UUID(int=0)  # who holds the machine's command line sees the whole register


@click.command("scans")
@click.option("--search", "text", default="", metavar="TEXTO", help="Alumno, docente, curso, o «L3 F12».")
@click.option("--year", type=click.IntRange(1900, 9999), help="De los libros de este año.")
@click.option("--article", type=click.IntRange(2, 3), help="Digitalizadas por este artículo.")
@click.option("--unplaced", is_flag=True, help="Solo aquellas cuyo papel no tiene lugar.")
@click.option("--damaged-paper", is_flag=True, help="Solo aquellas cuyo papel necesita conservación.")
@click.option("--damaged", is_flag=True, help="Solo aquellas cuyo archivo «archive check» halló dañado o perdido.")
def list_scans(
    text: str, year: int | None, article: int | None, unplaced: bool, damaged_paper: bool, damaged: bool
) -> None:
    """Escribe el inventario de las actas antiguas digitalizadas, en CSV."""
    asked = ScanQuery(text.strip(), year, article, unplaced, damaged_paper, damaged)
    with open_app() as app, app.database.read() as conn:
        for chunk in export_scans(conn, asked, Scope(NOBODY, True, frozenset()), app.config.zone):
            click.echo(chunk, nl=False)


def of_scan(scanned: tuple[str, bool] | None, public_url: str) -> str:
    """What to do about the damaged file of a scan: ``scan_with`` says whose it is. Of no scan, nothing."""
    if scanned is None:
        return ""
    base, counts = scanned
    if not counts:
        return f"\n  Es una copia anterior del acta antigua {base}, ya escaneada otra vez. Tráigala de un respaldo."
    form = f"{public_url}/servicios/digitalizar_actas/solicitud"
    return (
        f"\n  Es la copia digital del acta antigua {base}. Tráigala de un respaldo o escanee otra vez su papel, con el "
        f"motivo: {form}"
    )
