"""``cartulario draw``: lay a diagram out anew, with its lanes; the owner adjusts it in the modeler."""

from __future__ import annotations

from pathlib import Path

import click

from engine.config import Config
from engine.definitions.folders import SHARED
from engine.definitions.layout import draw
from web.cli.frame import read_config


@click.command("draw")
@click.argument("process", metavar="PROCESO")
def draw_command(process: str) -> None:
    """Vuelve a dibujar el diagrama de PROCESO, o el compartido de ese nombre: carriles, columnas y líneas; el contenido
    no cambia."""
    file = _file_of(process, read_config())
    file.write_bytes(draw(file.read_bytes()))
    click.echo(str(file))


def _file_of(process: str, config: Config) -> Path:
    files = (config.bpmn_dir / process / "proceso.bpmn", config.bpmn_dir / SHARED / f"{process}.bpmn")
    for file in files:
        if file.is_file():
            return file
    raise click.UsageError(f"No existe {files[0]}, ni {files[1]}.")
