"""``cartulario archive``: the originals on the disk."""

from __future__ import annotations

import click

from engine.archive import check
from engine.upkeep import drop_unfiled
from web.cli.opened import open_app


@click.group()
def archive() -> None:
    """El archivo de originales."""


@archive.command("check")
@click.option("--limit", type=click.IntRange(1), help="Cuántos; los revisados hace más tiempo primero. Si no, todos.")
def check_archive(limit: int | None) -> None:
    """Lee de nuevo cada original y lo compara con su huella."""
    with open_app() as app, app.database.write() as conn:
        report = check(conn, app.archive, app.clock.now(), limit=limit)
    for damage in report.damages:
        click.echo(f"{damage.sha256}: {'falta' if damage.fixity == 'missing' else 'dañado'}", err=True)
    state = "todos íntegros" if report.intact else f"{len(report.damages)} con daños"
    click.echo(f"{report.checked} originales, {report.bytes:,} bytes: {state}")
    if not report.intact:
        raise click.exceptions.Exit(1)


@archive.command("clean")
@click.option("--days", type=click.IntRange(31), default=45, show_default=True, help="Enviados hace tantos días o más.")
def clean_archive(days: int) -> None:
    """Olvida los archivos que alguien envió para una solicitud que nunca presentó."""
    with open_app() as app:
        report = drop_unfiled(app.database, app.archive, app.clock.now(), days)
    click.echo(
        f"{report.documents} archivos sin presentar olvidados: {report.originals} contenidos quitados, "
        f"{report.kept} que también son de otro"
    )
