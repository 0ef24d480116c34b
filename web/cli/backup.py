"""``cartulario backup`` and ``restore``: the database and the originals, in one file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from engine.actas.examen import ClosedLibro, read_base
from engine.errors import InvalidAnswers
from engine.upkeep import (
    OutOfDate,
    Skipped,
    back_up,
    close_books,
    open_installation,
    read_number,
    restore,
    skip_numbers,
)
from web.cli.frame import read_config

AGAIN = "No se tomó en cuenta: revíselo y ejecute cartulario grades close-books con el que conste."
LATER = "La copia es de otra versión: ejecute cartulario migrate-db y después cartulario grades close-books."


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_command(file: Path) -> None:
    """Copia la base de datos y los originales en FILE, mientras el sistema trabaja."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with open_installation(read_config()) as here:
        report = back_up(here.database, here.archive, file, datetime.now(UTC))
    click.echo(f"{file}: {report.kind}, {report.originals} originales, {report.bytes:,} bytes")


def names(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Of actas, before anything is touched."""
    for name in given:
        if read_base(name) is None:
            raise click.BadParameter(f"«{name}» no es el nombre de un acta, como 2026-L0004-F0017.")
    return given


def numbers(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Of cases or certificates, before anything is touched."""
    for number in given:
        if read_number(number) is None:
            raise click.BadParameter(f"«{number}» no es el número de un trámite, como SG-2026-000318.")
    return given


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--last-acta",
    "known",
    multiple=True,
    metavar="NOMBRE",
    callback=names,
    help="El acta más nueva que conste en correos o en papel, si es de un libro posterior a la copia; puede repetirse.",
)
@click.option(
    "--last-number",
    "seen",
    multiple=True,
    metavar="NUMERO",
    callback=numbers,
    help="El trámite o asiento más nuevo que conste, si desde la copia se dieron más de mil; puede repetirse.",
)
@click.option("--nothing-since", is_flag=True, help="Nada se numeró después de la copia: todo sigue donde estaba.")
def restore_command(file: Path, known: tuple[str, ...], seen: tuple[str, ...], nothing_since: bool) -> None:
    """Llena una base de datos vacía y su archivo desde FILE, después de comprobarlo entero. Los libros de actas de
    examen que estaban abiertos se cierran y los números de trámites y certificados saltan: lo que se numeró después de
    la copia no se repite."""
    config = read_config()
    with open_installation(config) as here:
        report = restore(file, here.database, here.archive)
        click.echo(f"Restaurado: {report.kind}, revisión {report.revision}, {report.originals} originales")
        if nothing_since:
            return
        tell_skipped(skip_numbers(here.database, datetime.now(config.zone).year, seen))
        try:
            tell_closed(close_books(here.database, datetime.now(UTC), known))
        except OutOfDate:
            click.echo(LATER, err=True)
        except InvalidAnswers as error:  # a slip in a name: the books that the backup knows are closed all the same
            tell_closed(close_books(here.database, datetime.now(UTC), ()))
            click.echo(f"{' '.join(error.errors.values())} {AGAIN}", err=True)


@click.command("skip-numbers")
@click.argument("seen", metavar="[NUMERO]...", nargs=-1, callback=numbers)
def skip_command(seen: tuple[str, ...]) -> None:
    """Después de restaurar: salta los números hasta NUMERO y mil más. NUMERO es el trámite o asiento más nuevo que
    conste de su serie, si se lo vio más tarde; sin ninguno, mil de cada serie."""
    config = read_config()
    with open_installation(config) as here:
        tell_skipped(skip_numbers(here.database, datetime.now(config.zone).year, seen, alone=bool(seen)))


def tell_skipped(skipped: Sequence[Skipped]) -> None:
    for one in skipped:
        until = f"el último que consta es el {one.last:06d}" if one.last else "no consta ninguno"
        click.echo(f"{one.series}-{one.year}: {until}; sigue en el {one.next:06d}.")
        if one.doubted:
            told = f"  No se tomó en cuenta {one.series}-{one.year}-{one.doubted:06d}, que está demasiado lejos."
            click.echo(f"{told} Revíselo y ejecute cartulario skip-numbers con el que conste.", err=True)


def tell_closed(closed: Sequence[ClosedLibro]) -> None:
    for one in closed:
        until = f"su último folio conocido es el {one.last}" if one.last else "no consta ningún folio"
        click.echo(f"Se cerró el libro {one.number} de {one.year}; {until}.")
    if closed:
        click.echo("Las próximas actas van en otro libro: ningún nombre se da dos veces (docs/deploy.md).")
