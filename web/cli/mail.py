"""``cartulario mail``: how the way in of mail is doing."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from engine import mail as outgoing
from engine.config import MailAccount
from engine.mail.incoming import Reading, count_by_status, readings
from engine.words import counted
from web.cli.opened import open_app

LATE = timedelta(minutes=15)  # without a look: something is wrong


@click.group()
def mail() -> None:
    """El correo que llega a las cuentas de la oficina."""


@mail.command("status")
def status() -> None:
    """Las cuentas, cuándo se leyeron y cuántos correos esperan. Sale con 1 si alguna no se lee o si algo no sale."""
    with open_app() as app:
        with app.database.read() as conn:
            known, counts, out = readings(conn), count_by_status(conn), outgoing.waiting(conn)
        now, zone = app.clock.now(), app.config.zone
        accounts = app.config.mail_accounts
    if out is not None:
        since = out.since.astimezone(zone)
        click.echo(
            f"Por salir: {counted(out.count, 'correo', 'correos')}, desde {since:%d/%m/%Y %H:%M:%S}. {out.error}"
        )
    troubled = out is not None
    if not accounts:
        click.echo("No hay cuentas de correo: añádalas en mail_accounts (docs/deploy.md).")
    for code in sorted(accounts.keys() | {account for account, _ in counts}):
        account, reading = accounts.get(code), known.get(code)
        troubled |= _trouble(account, reading, now)
        click.echo(f"{code}  {account.address if account else '(ya no está configurada)'}")
        click.echo(f"  {_read(account, reading, now, zone)}")
        waiting = {name: counts.get((code, state), 0) for state, name in (("new", "por juzgar"), ("held", "retenidos"))}
        done = {"filed": "aceptados", "refused": "rechazados", "duplicate": "repetidos"}
        waiting |= {name: counts.get((code, state), 0) for state, name in done.items()}
        click.echo("  " + ", ".join(f"{count} {name}" for name, count in waiting.items()))
    if troubled:
        raise click.exceptions.Exit(1)


def _trouble(account: MailAccount | None, reading: Reading | None, now: datetime) -> bool:
    if account is None or account.imap_host is None:
        return False
    return reading is None or reading.read_at is None or reading.error is not None or now - reading.read_at > LATE


def _read(account: MailAccount | None, reading: Reading | None, now: datetime, zone: ZoneInfo) -> str:
    if account is None or account.imap_host is None:
        return "Solo envía: no tiene servidor IMAP."
    if reading is None or (reading.read_at is None and reading.error is None):
        return f"Todavía no se leyó ({account.imap_host}). ¿Hay un trabajador (cartulario work)?"
    last = f"{reading.read_at.astimezone(zone):%d/%m/%Y %H:%M:%S}" if reading.read_at else "nunca"
    if reading.error is not None:
        since = f"{reading.failed_at.astimezone(zone):%d/%m/%Y %H:%M:%S}" if reading.failed_at else "?"
        return f"Última lectura: {last}. Falla desde {since}: {reading.error}"
    late = reading.read_at is not None and now - reading.read_at > LATE
    return f"Última lectura: {last}." + (" Hace demasiado: ¿hay un trabajador (cartulario work)?" if late else "")
