"""``cartulario migrate-db``: make or update the tables. Run before ``serve`` and ``work`` of a new release."""

from __future__ import annotations

import click

from engine.upkeep import migrate, open_installation
from web.cli.frame import read_config


@click.command("migrate-db")
def migrate_db() -> None:
    """Lleva la base de datos a esta versión; repetirlo, o hacerlo dos a la vez, no hace daño."""
    with open_installation(read_config()) as here:
        click.echo(f"Base de datos en la revisión {migrate(here.database)}")
