"""``cartulario operations``: what a service task may ask for, for those who draw diagrams."""

from __future__ import annotations

import click

from engine.upkeep import operation_cards


@click.command()
@click.argument("names", metavar="[OPERACION]...", nargs=-1)
def operations(names: tuple[str, ...]) -> None:
    """Lista las operaciones con sus parámetros y su resultado."""
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
