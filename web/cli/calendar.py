"""``cartulario calendar``: the days on which terms do not run."""

from __future__ import annotations

from datetime import datetime

import click

from engine.app import Cartulario
from engine.calendar import (
    list_changes,
    list_feriados,
    list_local_feriados,
    seed_feriados,
    set_feriado,
    set_local_feriado,
    set_recess,
)
from engine.inbound.calendar_changes import follow_calendar
from engine.words import counted
from web.cli.opened import open_app

REASON = "Por qué; queda en el registro y en cada trámite que se mueve."


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
        for local in list_local_feriados(conn, year):
            click.echo(f"{local.day:%Y-%m-%d}  {'local':<10} {local.name} (solo en {local.place})")


@calendar.command("changes")
@click.argument("year", metavar="AÑO", type=click.IntRange(2000, 2100))
def changes(year: int) -> None:
    """Quién cambió qué de ese año, cuándo y por qué, el último primero."""
    with open_app() as app, app.database.read() as conn:
        for one in list_changes(conn, year):
            old, new = (side["name"] if side else "hábil" for side in (one.old, one.new))
            moved = "contando" if one.moved is None else f"{one.moved} trámites con otra fecha"
            click.echo(f"{one.day:%Y-%m-%d}  {old} → {new}  ({one.reason}; {moved})")


@calendar.command("set")
@click.argument("day", metavar="AAAA-MM-DD", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("name", metavar="NOMBRE")
@click.option(
    "--kind", type=click.Choice(["nacional", "local", "receso", "decreto"]), default="local", show_default=True
)
@click.option("--place", default="", help="Si descansa otro lugar y no la oficina: cuenta para quien pide de allí.")
@click.option("--reason", required=True, help=REASON)
def set_day(day: datetime, name: str, kind: str, place: str, reason: str) -> None:
    """Declara un día de descanso y vuelve a contar los plazos de los trámites abiertos."""
    _change(day, name, kind, place, reason)


@calendar.command("recess")
@click.argument("first", metavar="AAAA-MM-DD", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("last", metavar="AAAA-MM-DD", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("name", metavar="NOMBRE")
@click.option("--reason", required=True, help=REASON)
def recess(first: datetime, last: datetime, name: str, reason: str) -> None:
    """Declara el receso de la universidad, ambos días incluidos."""
    with open_app() as app:
        with app.database.write() as conn:
            days = set_recess(conn, first.date(), last.date(), name, reason, None, app.clock.now())
        _follow(app, f"{name}: {counted(days, 'día', 'días')}")


@calendar.command("remove")
@click.argument("day", metavar="AAAA-MM-DD", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--place", default="", help="El lugar, si solo descansaba allí.")
@click.option("--reason", required=True, help=REASON)
def remove(day: datetime, place: str, reason: str) -> None:
    """El día vuelve a ser hábil."""
    _change(day, None, "local", place, reason)


def _change(day: datetime, name: str | None, kind: str, place: str, reason: str) -> None:
    with open_app() as app:
        with app.database.write() as conn:
            if place:
                set_local_feriado(conn, day.date(), place, name, reason, None, app.clock.now(), app.config)
            else:
                set_feriado(conn, day.date(), name, kind, reason, None, app.clock.now())
        _follow(app, f"{day:%Y-%m-%d}: {name or 'día hábil'}")


def _follow(app: Cartulario, done: str) -> None:
    moved = follow_calendar(app) or 0
    click.echo(f"{done}. Trámites con otra fecha: {moved}")
