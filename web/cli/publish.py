"""``cartulario publish``: the processes' files become versions that new cases start with."""

from __future__ import annotations

from functools import partial

import click

from engine.carta import seed_edition
from engine.carta.seed import FILE
from engine.definitions import left_behind, publish
from engine.upkeep import process_names, read_process, takes_from_shared
from web.cli.opened import open_app


@click.command("publish")
@click.argument("processes", metavar="[PROCESO]...", nargs=-1)
def publish_command(processes: tuple[str, ...]) -> None:
    """Publica los procesos que se nombran, o todos. Un proceso con problemas no se publica, y ninguno con él."""
    with open_app() as app:
        names = processes or tuple(process_names(app.config))
        bundles = [read_process(app.config, name) for name in names]
        with app.database.write() as conn:
            for bundle in bundles:
                publish(conn, bundle, None, app.clock.now(), app.operations)
            if FILE.parent.name in names:
                seed_edition(conn, app.config, app.clock.now())
        behind = left_behind(bundles, app.definitions.catalogue(), partial(takes_from_shared, app.config))
        for bundle in bundles:
            definition = app.definitions.current(bundle.process)
            click.echo(f"{bundle.process}: versión {definition.number} publicada ({definition.hash[:12]})")
        for process, files in behind.items():
            told = ", ".join(files)
            click.echo(f"{process}: sigue publicado con otra versión de lo compartido ({told}); publíquelo otra vez.")
