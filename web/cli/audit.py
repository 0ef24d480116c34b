"""``cartulario audit`` and ``replay``: the record is the one that was written, and leads to the state that it says."""

from __future__ import annotations

from pathlib import Path

import click

from engine.history.case_file import find_case
from engine.history.chain import verify_all
from engine.history.documents import verify_documents
from engine.history.replay import replay, replay_sample
from engine.history.seals import held_seal, make_seal, verify_seal
from engine.words import counted
from web.cli.opened import open_app


@click.group()
def audit() -> None:
    """La cadena de eventos y sus sellos."""


@audit.command("verify")
@click.option("--seal", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Un sello guardado afuera.")
@click.option("--untold", is_flag=True, help="Nombra los documentos emitidos de los que la historia no dice la huella.")
def verify_chains(seal: Path | None, untold: bool) -> None:
    """Comprueba la cadena de cada trámite, que sus documentos son los que su historia registró y, si se da un sello,
    que nada de lo sellado cambió."""
    with open_app() as app, app.database.read() as conn:
        reports = list(verify_all(conn))
        broken = [f"{report.number}: {report.reason}" for report in reports if not report.intact]
        documents = verify_documents(conn)
        broken += documents.discrepancies
        if seal:
            broken += [found.sentence for found in verify_seal(conn, seal.read_bytes()).discrepancies]
    events = sum(report.events for report in reports)
    for sentence in dict.fromkeys(broken):
        click.echo(sentence, err=True)
    for name in documents.untold if untold else ():
        click.echo(f"{name}: sin huella en la historia")
    click.echo(
        f"{counted(documents.compared, 'documento comparado', 'documentos comparados')} con su historia; "
        f"{counted(len(documents.untold), 'emitido', 'emitidos')} sin huella en ella"
    )
    click.echo(f"{len(reports)} trámites, {events} eventos: {'con daños' if broken else 'cadena íntegra'}")
    if broken:
        raise click.exceptions.Exit(1)


@audit.command("seal")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Carpeta para la copia de los testigos.")
def seal_chains(out: Path | None) -> None:
    """Sella ahora todas las cadenas; la copia se guarda fuera del alcance de quien administra la base."""
    with open_app() as app:
        with app.database.write() as conn:
            made = make_seal(conn, app.clock.now())
            copy = held_seal(conn, made.n)
        click.echo(f"Sello {made.n}: {made.cases} trámites, {made.events} eventos, {made.hash}")
        if out:
            out.mkdir(parents=True, exist_ok=True)
            file = out / f"sello-{made.n:06}.json"
            file.write_text(copy, encoding="utf-8")
            click.echo(f"Copia para los testigos: {file}")


@audit.command("replay")
@click.option(
    "--sample", default=50, show_default=True, type=click.IntRange(1, 100_000), help="Cuántos trámites al azar."
)
def replay_some(sample: int) -> None:
    """Vuelve a ejecutar una muestra de trámites: lo que se hace cada noche."""
    with open_app() as app, app.database.read() as conn:
        reports = replay_sample(conn, app.definitions, app.config.zone, sample)
    differing = [f"{report.number}: {report.verdict}" for report in reports if not report.identical]
    for sentence in differing:
        click.echo(sentence, err=True)
    click.echo(f"{len(reports)} trámites repetidos, {len(differing)} distintos")
    if differing:
        raise click.exceptions.Exit(1)


@click.command("replay")
@click.argument("number", metavar="TRAMITE")
def replay_case(number: str) -> None:
    """Vuelve a ejecutar un trámite desde sus eventos y compara cada estado con el registrado."""
    with open_app() as app, app.database.read() as conn:
        report = replay(conn, app.definitions, find_case(conn, number).id, app.config.zone)
    click.echo(f"{report.number}: {report.events} eventos, {report.verdict}")
    if not report.identical:
        raise click.exceptions.Exit(1)
