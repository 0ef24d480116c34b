"""``cartulario actas``: bring existing session actas in, find one, keep the catalogue of bodies."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from engine.actas import MAX_PDF, ActaSearch, FileIn, Report, add_body, import_actas, list_bodies, search_actas
from engine.actas.index import LARGEST
from web.cli.opened import open_app

INDEXES = ("indice.csv", "indice.json", "actas.csv", "actas.json")


@click.group()
def actas() -> None:
    """El registro de actas de sesión."""


@actas.command("import")
@click.argument("folder", metavar="CARPETA", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--index", "index", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help=f"El índice; si no, el de la carpeta: {', '.join(INDEXES)}.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Solo revisa; no carga nada.")
def import_folder(folder: Path, index: Path | None, dry_run: bool) -> None:
    """Carga los PDF de una carpeta con su índice (docs/actas_sesion.md). Sale con 1 si rechaza alguna fila."""
    index = index or next((folder / name for name in INDEXES if (folder / name).is_file()), None)
    if index is None:
        raise click.UsageError(f"En {folder} no hay un índice: {', '.join(INDEXES)}.")
    with index.open("rb") as opened:
        data = opened.read(LARGEST + 1)
    with open_app() as app:
        report = import_actas(
            app.database,
            app.archive,
            (index.name, data),
            [_file(path) for path in sorted(folder.iterdir()) if path.suffix.lower() == ".pdf" and path.is_file()],
            by=None,
            at=app.clock.now(),
            zone=app.config.zone,
            dry_run=dry_run,
        )
    _tell(report, dry_run)


@actas.command("search")
@click.argument("text", metavar="[PALABRAS]", default="")
@click.option("--body", help="Código del órgano.")
@click.option("--number", type=click.IntRange(1))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]))
def search(text: str, body: str | None, number: int | None, since: datetime | None, until: datetime | None) -> None:
    """Busca por órgano, fecha, número y palabras."""
    days = [day.date() if day else None for day in (since, until)]
    with open_app() as app, app.database.read() as conn:
        page = search_actas(conn, ActaSearch(text, body, number, since=days[0], until=days[1]))
    for acta in page.actas:
        kept = "" if acta.reserved == "none" else "  [reservada]"
        click.echo(f"{acta.reference:<16} {acta.date}  {acta.pages:>4} p.  {acta.title}{kept}")
    if page.next is not None:
        click.echo("… y hay más: afine la búsqueda.")


@actas.command("body")
@click.argument("code", metavar="[CÓDIGO]", required=False)
@click.argument("name", metavar="[NOMBRE]", required=False)
def body(code: str | None, name: str | None) -> None:
    """Sin nada, lista los órganos colegiados; con código y nombre, agrega uno o lo renombra."""
    with open_app() as app:
        if code is not None:
            with app.database.write() as conn:
                add_body(conn, code, name or "", app.clock.now())
        with app.database.read() as conn:
            for one in list_bodies(conn):
                click.echo(f"{one.code:<12} {one.name}")


def _file(path: Path) -> FileIn:
    def read() -> bytes:
        with path.open("rb") as opened:
            return opened.read(MAX_PDF + 1)

    return FileIn(path.name, path.stat().st_size, read)


def _tell(report: Report, dry_run: bool) -> None:
    for row in report.rows:
        if not row.accepted:
            click.echo(f"línea {row.line}, {row.reference or row.file or '?'}: {' '.join(row.faults)}", err=True)
    for name in report.unnamed:
        click.echo(f"{name}: el índice no lo nombra.", err=True)
    done = f"{len(report.rows) - report.refused} se aceptan" if dry_run else f"{report.loaded} cargadas"
    click.echo(f"{len(report.rows)} filas: {done}, {report.refused} rechazadas")
    if report.refused:
        raise click.exceptions.Exit(1)
