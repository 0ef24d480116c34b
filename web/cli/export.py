"""``cartulario export``: a case's events, to be read and checked elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from engine.history.case_file import find_case
from engine.history.export import export_csv, export_json
from web.cli.opened import open_app

FORMATS = {"json": export_json, "csv": export_csv}


@click.command()
@click.argument("number", metavar="TRAMITE")
@click.option("--format", "kind", type=click.Choice(sorted(FORMATS)), default="json", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Archivo; si no, la salida estándar.")
def export(number: str, kind: str, out: Path | None) -> None:
    """Entrega la historia de un trámite con cada parte que entra en su huella."""
    with open_app() as app, app.database.read() as conn:
        text = FORMATS[kind](conn, find_case(conn, number).id)
    if out:
        out.write_text(text, encoding="utf-8", newline="")
    else:
        click.echo(text)
