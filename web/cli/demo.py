"""``cartulario demo``: the main job on SQLite, with people of every role and an authority of its own. Nothing leaves
this machine.
"""

from __future__ import annotations

import functools
import signal
from pathlib import Path

import click

from engine.config import ROOT
from web.demo.office import CAST, PASSWORD, PIN
from web.demo.stage import Stage
from web.demo.year import play_year


@click.command("demo")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Puerto de la web.")
@click.option(
    "--dir", "folder", default=ROOT / "var" / "demo", type=click.Path(path_type=Path), help="Carpeta de datos."
)
def demo(port: int, folder: Path) -> None:
    """Abre una oficina de demostración y la deja andando hasta Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what it started ends with it, however it is ended
    first = not (folder / "cartulario.db").exists()
    if first:
        click.echo("Preparando un año de trámites de muestra: uno o dos minutos…")
    past = functools.partial(play_year, said=click.echo) if first else None
    with Stage(folder.resolve(), port=port, past=past) as stage:
        click.echo(f"\nCartulario de demostración: {stage.url}\n")
        for one in CAST:
            click.echo(f"  {one.username:<10} {one.given} {one.family} · {one.who}")
        click.echo(f"\n  Clave de todas: {PASSWORD}    PIN de firma: {PIN}")
        click.echo(f"  Correos enviados: {stage.url}/demo/correo    Datos: {folder}\n  Ctrl-C para terminar.")
        try:
            stage.wait()
        except KeyboardInterrupt:
            click.echo("\nHasta luego.")
