"""``cartulario backup`` and ``restore``: the database and the originals, in one file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from engine.upkeep import back_up, open_installation, restore
from web.cli.frame import read_config


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_command(file: Path) -> None:
    """Copia la base de datos y los originales en FILE, mientras el sistema trabaja."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with open_installation(read_config()) as here:
        report = back_up(here.database, here.archive, file, datetime.now(UTC))
    click.echo(f"{file}: {report.kind}, {report.originals} originales, {report.bytes:,} bytes")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_command(file: Path) -> None:
    """Llena una base de datos vacía y su archivo desde FILE, después de comprobarlo entero."""
    with open_installation(read_config()) as here:
        report = restore(file, here.database, here.archive)
    click.echo(f"Restaurado: {report.kind}, revisión {report.revision}, {report.originals} originales")
