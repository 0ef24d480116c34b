"""``cartulario calendar``: the days on which terms do not run."""

from __future__ import annotations

import click

from engine.calendar import seed_feriados
from web.cli.opened import open_app


@click.group()
def calendar() -> None:
    """El calendario de la institución."""


@calendar.command("seed")
@click.argument("years", metavar="AÑO...", nargs=-1, required=True, type=click.IntRange(2000, 2100))
def seed(years: tuple[int, ...]) -> None:
    """Carga los feriados del país para esos años; los que ya están no cambian."""
    with open_app() as app, app.database.write() as conn:
        click.echo(f"{seed_feriados(conn, app.config, years)} feriados nuevos")
