"""``cartulario archive``: the originals on the disk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from engine.actas import session_acta_with
from engine.actas.examen import scan_with
from engine.app import Cartulario
from engine.archive import Damage, check_each
from engine.inbound.lost_actas import LostActa, rebuild_lost
from engine.upkeep import drop_unfiled, export_bag, renew
from web.cli.old_actas import list_scans, of_scan
from web.cli.opened import open_app


@click.group()
def archive() -> None:
    """El archivo de originales."""


archive.add_command(list_scans)


@archive.command("check")
@click.option("--limit", type=click.IntRange(1), help="Cuántos; los revisados hace más tiempo primero. Si no, todos.")
@click.option("--dry-run", is_flag=True, help="Dice qué reconstrucciones iniciaría, y no inicia ninguna.")
def check_archive(limit: int | None, dry_run: bool) -> None:
    """Lee de nuevo cada original y lo compara con su huella; del que se perdió de un acta de examen, inicia la
    reconstrucción."""
    with open_app() as app:
        report = check_each(app.database, app.archive, app.clock.now(), limit=limit)
        lost = {one.sha256: one for one in rebuild_lost(app, dry_run=dry_run)}
        told = [(damage, _what_becomes_of(app, damage, lost)) for damage in report.damages]
    for damage, then in told:
        click.echo(f"{damage.sha256}: {'falta' if damage.fixity == 'missing' else 'dañado'}{then}", err=True)
    state = "todos íntegros" if report.intact else f"{len(report.damages)} con daños"
    click.echo(f"{report.checked} originales, {report.bytes:,} bytes: {state}")
    if not report.intact:
        raise click.exceptions.Exit(1)


_TOLD = {
    "started": "Se inició su reconstrucción: {told}, {site}/tramites/{told}",
    "to_start": "Se iniciaría su reconstrucción.",
    "in_course": "Se reconstruye ya en {told}.",
    "rebuilt": "Ya fue reconstruida: la {told} tiene su lugar.",
    "given_up": "Se resolvió no reconstruirla, en {told}.",
    "by_hand": "No se pudo iniciar su reconstrucción: iníciela usted en {site}/servicios/reconstruir_acta/solicitud",
}


def _what_becomes_of(app: Cartulario, damage: Damage, lost: dict[str, LostActa]) -> str:
    """Of the original of an exam acta (R-55), of a session acta, or of the scan of an old acta; else nothing."""
    if acta := lost.get(damage.sha256):
        then = _TOLD[acta.state].format(told=acta.told, site=app.config.public_url.rstrip("/"))
        return f"\n  Es el original del acta de examen {acta.base}. {then}"
    with app.database.read() as conn:
        scanned, session = scan_with(conn, damage.sha256), session_acta_with(conn, damage.sha256)
    if session is not None:
        return f"\n  Es el original del acta de sesión {session}. Tráigalo de un respaldo, o cárguelo otra vez."
    return of_scan(scanned, app.config.public_url)


@archive.command("clean")
@click.option("--days", type=click.IntRange(31), default=45, show_default=True, help="Enviados hace tantos días o más.")
def clean_archive(days: int) -> None:
    """Olvida las solicitudes empezadas hace treinta días y los archivos enviados para una que nunca se presentó."""
    with open_app() as app:
        report = drop_unfiled(app.database, app.archive, app.clock.now(), days)
    click.echo(
        f"{report.drafts} solicitudes sin enviar y {report.documents} archivos sin presentar olvidados: "
        f"{report.originals} contenidos quitados, "
        f"{report.kept} que también son de otro"
    )


@archive.command("renew")
@click.option(
    "--days", type=click.IntRange(1), default=365, show_default=True, help="Los que vencen antes de tantos días."
)
@click.option("--limit", type=click.IntRange(1), help="Cuántos como mucho; los que vencen antes, primero.")
def renew_archive(days: int, limit: int | None) -> None:
    """Sella de nuevo con la hora los documentos firmados, antes de que su último sello de tiempo deje de probarse."""
    with open_app() as app:
        report = renew(app, timedelta(days=days), limit)
    for name, why in report.failures:
        click.echo(f"{name}: {why}", err=True)
    click.echo(f"{report.looked_at} documentos mirados por primera vez, {report.renewed} renovados")
    if not report.whole:
        raise click.exceptions.Exit(1)


@archive.command("export")
@click.argument("folder", metavar="CARPETA", type=click.Path(path_type=Path))
@click.option("--case", "numbers", multiple=True, metavar="TRAMITE", help="De este trámite; puede repetirse.")
@click.option("--process", help="De todos los trámites de este proceso.")
def export_archive(folder: Path, numbers: tuple[str, ...], process: str | None) -> None:
    """Entrega los documentos emitidos, con la historia de cada trámite, en una bolsa BagIt (RFC 8493)."""
    with open_app() as app:
        bag = export_bag(app, folder, numbers=numbers, process=process)
    click.echo(f"{bag.documents} documentos de {bag.cases} trámites en {bag.folder}")
