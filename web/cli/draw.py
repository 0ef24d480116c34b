"""``cartulario draw``: lay a diagram out anew, with its lanes; the owner adjusts it in the modeler."""

from __future__ import annotations

import click

from engine.definitions.layout import draw
from web.cli.frame import read_config


@click.command("draw")
@click.argument("process", metavar="PROCESO")
def draw_command(process: str) -> None:
    """Vuelve a dibujar bpmn/PROCESO/proceso.bpmn: carriles, columnas y líneas; el contenido no cambia."""
    file = read_config().bpmn_dir / process / "proceso.bpmn"
    if not file.is_file():
        raise click.UsageError(f"No existe {file}.")
    file.write_bytes(draw(file.read_bytes()))
    click.echo(str(file))
