"""``cartulario new-service``: a new process from the template; a diagram, forms and texts, and no Python."""

from __future__ import annotations

import click

from engine.upkeep import new_service
from web.cli.frame import read_config


@click.command("new-service")
@click.argument("name", metavar="NOMBRE")
@click.option("--title", help="Título para las personas; si no, el nombre.")
def new_service_command(name: str, title: str | None) -> None:
    """Crea bpmn/NOMBRE y forms/NOMBRE desde la plantilla."""
    config = read_config()
    for file in new_service(config, name, title or name.replace("_", " ").capitalize()):
        click.echo(str(file))
    click.echo(f"Ahora: edite el diagrama, revíselo con «cartulario check {name}» y publíquelo con «publish {name}».")
