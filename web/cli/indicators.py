"""``cartulario indicators``: count them again, ask for the measures that are due, take them to a spreadsheet."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engine.indicators import Indicators, Query, board_sheets, compact_all
from engine.indicators import months as m
from engine.indicators import recount as count_again
from engine.indicators import review as look_back
from engine.spreadsheet import csv_lines, xlsx
from web.cli.opened import open_app


class Month(click.ParamType[int]):
    name = "AAAA-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = m.read_month(str(value))
        if found is None:
            self.fail("Escriba año y mes, como 2026-03.", param, ctx)
        return found


@click.group()
def indicators() -> None:
    """Los indicadores de la Carta."""


@indicators.command("recount")
@click.option("--all", "every", is_flag=True, help="Nombra todas las diferencias y no solo la primera.")
def recount(every: bool) -> None:
    """Los cuenta otra vez, solo con los eventos, y compara. Sale con 1 si algo difiere."""
    with open_app() as app:
        found = count_again(app.database, Indicators(app).service_of, app.clock.now(), app.config.zone)
    if found.older:
        click.echo(f"Trámites anteriores a los indicadores, sin contar: {found.older}")
    if found.agrees:
        click.echo(f"Iguales: {found.cases} trámites recontados desde sus eventos.")
        return
    for one in found.differences if every else found.differences[:1]:
        click.echo(str(one), err=True)
    click.echo(f"Diferencias: {len(found.differences)}", err=True)
    sys.exit(1)


@indicators.command("review")
def review() -> None:
    """Pide una medida correctiva por cada servicio y mes terminado que quedó bajo su meta. Repetirlo no pide dos."""
    with open_app() as app:
        compact_all(app.database)
        asked = look_back(app)
    for one in asked:
        click.echo(f"{one.number}: {one.service}, {m.month_name(one.month)}")
    if not asked:
        click.echo("Ningún servicio quedó bajo su meta sin que ya se haya pedido su medida.")


@indicators.command("export")
@click.argument("file", metavar="ARCHIVO", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--since", type=Month(), help="Primer mes; si no, el mes en curso.")
@click.option("--until", type=Month(), help="Último mes; si no, el primero.")
@click.option("--service", default="", help="Un servicio de la Carta, como B1; si no, todos.")
def export(file: Path, since: int | None, until: int | None, service: str) -> None:
    """Escribe los indicadores de un período en ARCHIVO, .xlsx o .csv."""
    if file.suffix not in (".xlsx", ".csv"):
        raise click.UsageError("El archivo termina en .xlsx o en .csv")
    with open_app() as app:
        first = since or m.month_of(app.clock.now(), app.config.zone)
        last = until or first
        sheets = board_sheets(Indicators(app).board(Query(min(first, last), max(first, last), service)))
    if file.suffix == ".xlsx":
        file.write_bytes(xlsx(sheets))
    else:
        file.write_text("".join(csv_lines(sheets[0].headings, sheets[0].rows)), encoding="utf-8", newline="")
    click.echo(str(file))
