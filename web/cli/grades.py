"""``cartulario grades``: publish what is due to be seen, and give the published grades to SIU-Guaraní.

Publication is each acta's own step on its day (R-50); this command does all that is due at once, after a stop or a move
of data. It may be called at any time and again: what is not due stays invisible, what is published stays as it is.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from engine.actas.examen import Schedule, export_csv, export_grades, publish_due, published_mesas
from engine.upkeep import close_books, open_installation
from engine.words import counted
from web.cli.backup import names, tell_closed
from web.cli.frame import read_config
from web.cli.opened import open_app


@click.group()
def grades() -> None:
    """Las calificaciones de las actas de examen."""


@grades.command("publish")
def publish() -> None:
    """Publica las notas de toda acta bloqueada hasta el último día de publicación."""
    with open_app() as app:
        schedule, now = Schedule.of(app.config), app.clock.now()
        done = publish_due(app.database, schedule, now)
        following = schedule.on_or_after(now).astimezone(app.config.zone)
    said = f"{counted(done.grades, 'nota', 'notas')} de {counted(done.actas, 'acta', 'actas')}"
    click.echo(f"Se publicaron {said}. La próxima publicación es el {following:%d/%m/%Y a las %H:%M}.")


@grades.command("export")
@click.argument("folder", metavar="CARPETA", type=click.Path(file_okay=False, path_type=Path))
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="Publicadas desde este día; si no, todas.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Hasta este día, incluido.")
def export(folder: Path, since: datetime | None, until: datetime | None) -> None:
    """Escribe en una carpeta un JSON por mesa y calificaciones.csv, por docs/siu_guarani.md."""
    with open_app() as app, app.database.read() as conn:
        zone = app.config.zone
        first = (since or datetime(1, 1, 2)).replace(tzinfo=zone)  # noqa: DTZ001 - of the institution, given here
        last = (until or datetime(9999, 12, 30)).replace(tzinfo=zone) + timedelta(days=1)  # noqa: DTZ001
        now = app.clock.now()
        made = [export_grades(conn, mesa_id, now) for mesa_id in published_mesas(conn, first, last)]
    if not made:
        raise click.ClickException("No hay notas publicadas en esos días.")
    folder.mkdir(parents=True, exist_ok=True)
    for one in made:
        name = f"{one['actas'][0]['nombre']}.json"
        (folder / name).write_text(json.dumps(one, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / "calificaciones.csv").write_text("".join(export_csv(made)), encoding="utf-8", newline="")
    click.echo(f"{counted(len(made), 'mesa', 'mesas')} en {folder}: un JSON de cada una y calificaciones.csv")


@grades.command("close-books")
@click.argument("known", metavar="[NOMBRE]...", nargs=-1, callback=names)
def close(known: tuple[str, ...]) -> None:
    """Cierra los libros abiertos, después de restaurar una copia de otra versión. NOMBRE: el acta más nueva que conste,
    si es de un libro que la copia no conoce."""
    with open_installation(read_config()) as here:
        tell_closed(close_books(here.database, datetime.now(UTC), known))
