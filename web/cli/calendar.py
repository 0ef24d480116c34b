"""``cartulario calendar``: the days on which terms do not run."""

from __future__ import annotations

from datetime import datetime

import click

from engine.calendar import list_feriados, seed_feriados, set_feriado
from engine.inbound.calendar_changes import follow_calendar
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


@calendar.command("list")
@click.argument("year", metavar="AÑO", type=click.IntRange(2000, 2100))
def listed(year: int) -> None:
    """Los días de descanso de un año, además de sábados y domingos."""
    with open_app() as app, app.database.read() as conn:
        for day in list_feriados(conn, year):
            click.echo(f"{day.day:%Y-%m-%d}  {day.kind:<10} {day.name}")


@calendar.command("set")
@click.argument("day", metavar="AAAA-MM-DD", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("name", metavar="NOMBRE")
@click.option(
    "--kind", type=click.Choice(["nacional", "local", "receso", "decreto"]), default="local", show_default=True
)
@click.option("--reason", required=True, help="Por qué; queda en el registro y en cada trámite que se mueve.")
def set_day(day: datetime, name: str, kind: str, reason: str) -> None:
    """Declara un día de descanso y vuelve a contar los plazos de los trámites abiertos."""
    _change(day, name, kind, reason)


@calendar.command("remove")
@click.argument("day", metavar="AAAA-MM-DD", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--reason", required=True, help="Por qué; queda en el registro y en cada trámite que se mueve.")
def remove(day: datetime, reason: str) -> None:
    """El día vuelve a ser hábil."""
    _change(day, None, "local", reason)


def _change(day: datetime, name: str | None, kind: str, reason: str) -> None:
    with open_app() as app:
        with app.database.write() as conn:
            set_feriado(conn, day.date(), name, kind, reason, None, app.clock.now())
        moved = follow_calendar(app) or 0
    click.echo(f"{day:%Y-%m-%d}: {name or 'día hábil'}. Trámites con otra fecha: {moved}")
