"""``cartulario raci``: who does, answers for and is told of each step of a process, read off its diagram."""

from __future__ import annotations

import csv
import io

import click

from engine.definitions.responsibility import responsibilities
from web.cli.opened import open_app

HEADINGS = ("paso", "carril", "función", "parte")


@click.command("raci")
@click.argument("process", metavar="PROCESO")
@click.option("--csv", "as_csv", is_flag=True, help="Como CSV.")
def raci(process: str, as_csv: bool) -> None:
    """Muestra la matriz de responsabilidades de la versión publicada: R hace, A responde y firma, I es informada."""
    with open_app() as app:
        rows = [
            (one.name or one.element, one.lane, one.role, one.part)
            for one in responsibilities(app.definitions.current(process))
        ]
    if as_csv:
        target = io.StringIO()
        csv.writer(target, lineterminator="\n").writerows([HEADINGS, *rows])
        click.echo(target.getvalue(), nl=False)
        return
    for name, lane, _role, part in rows:
        click.echo(f"{part}  {lane:<24} {name}")
