"""``cartulario operations``: what a service task may ask for, for those who draw diagrams."""

from __future__ import annotations

import click

from engine.upkeep import operation_cards

PREFACE = """# Operaciones

Lo que una tarea de servicio puede pedir. Los valores de los parámetros son expresiones sobre los datos del trámite.
Esta página la escribe `./run cartulario operations --markdown`; una prueba la compara con el programa.
"""


@click.command()
@click.argument("names", metavar="[OPERACION]...", nargs=-1)
@click.option("--markdown", is_flag=True, help="Como página de la documentación.")
def operations(names: tuple[str, ...], markdown: bool) -> None:
    """Lista las operaciones con sus parámetros y su resultado."""
    if markdown:
        click.echo(as_markdown(), nl=False)
        return
    cards = {card.name: card for card in operation_cards()}
    if unknown := [name for name in names if name not in cards]:
        raise click.UsageError(f"No existe la operación «{unknown[0]}». Las que hay: {', '.join(cards)}")
    for card in (cards[name] for name in names or cards):
        click.echo(f"{card.name}\n  {card.summary}")
        for field in card.parameters:
            need = "" if field.required else ", opcional"
            click.echo(f"    {field.name} ({field.kind}{need})  {field.description}")
        for field in card.result:
            click.echo(f"    → {field.name} ({field.kind})  {field.description}")


def as_markdown() -> str:
    """``docs/operations.md``."""
    pages = [PREFACE]
    for card in operation_cards():
        pages.append(f"\n## {card.name}\n\n{card.summary}\n\n| parámetro | qué es | |\n| --- | --- | --- |\n")
        pages += [
            f"| `{field.name}` | {_cell(field.description)} | {field.kind}{'' if field.required else ', opcional'} |\n"
            for field in card.parameters
        ]
        pages.append("\n| resultado | qué es | |\n| --- | --- | --- |\n")
        pages += [f"| `{field.name}` | {_cell(field.description)} | {field.kind} |\n" for field in card.result]
    return "".join(pages)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
