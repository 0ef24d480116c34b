"""``cartulario person``: all of it but add, grant, address, password and key, which are in ``people``.

The operator at the server may do all of it: who they are there goes to the log of the system, as with ``useradd``.
"""

from __future__ import annotations

import logging
import os
import pwd
from datetime import date, datetime
from logging.handlers import SysLogHandler
from pathlib import Path

import click

from engine.actas.examen import acta_by_base, tribunal_of
from engine.app import Cartulario
from engine.errors import InvalidAnswers, NotFound
from engine.inbound import office_people
from engine.inbound.tribunal import change_professor_address
from engine.people import (
    IDENTITY_KINDS,
    PROFILES,
    Person,
    find_person,
    get_people,
    held_roles,
    list_changes,
    list_delegations,
    list_holdings,
    list_sessions,
    list_tokens,
    roles_of,
    search_people,
)
from web.cli.opened import open_app

SYSLOG = Path("/dev/log")
DAY = click.DateTime(["%Y-%m-%d"])
MOST = 1000


def kept_in_the_log() -> None:
    """What this command changes goes to the system's log, or, where there is none (containers), to standard error."""
    handler = SysLogHandler(str(SYSLOG), SysLogHandler.LOG_AUTHPRIV) if SYSLOG.exists() else logging.StreamHandler()
    handler.setFormatter(logging.Formatter(f"cartulario[{os.getpid()}]: %(message)s"))
    office_people.log.addHandler(handler)
    office_people.log.setLevel(logging.INFO)
    click.get_current_context().call_on_close(lambda: office_people.log.removeHandler(handler))


def operator() -> str:
    """The account of the system that runs the command, and who became it."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's number without a name
        name = str(os.getuid())
    behind = os.environ.get("SUDO_USER", "")
    return f"{name}, as {behind}" if behind else name


def find_one(app: Cartulario, username: str) -> Person:
    with app.database.read() as conn:
        who = find_person(conn, username)
    if who is None:
        raise NotFound(f"No hay ninguna persona «{username}».")
    return who


def _today(app: Cartulario) -> date:
    return app.clock.now().astimezone(app.config.zone).date()


@click.command("list")
@click.argument("text", metavar="[TEXTO]", default="")
@click.option("--role", help="Solo quienes tienen hoy esa función.")
def list_people(text: str, role: str | None) -> None:
    """Quiénes tienen hoy una función; con TEXTO, todas las personas de ese nombre, usuario o documento."""
    with open_app() as app, app.database.read() as conn:
        today = _today(app)
        roles = [role] if role else None if text else held_roles(conn)
        for one in search_people(conn, text, roles=roles, on=today, limit=MOST, closed=True):
            functions = ", ".join(
                sorted(held.role for held in list_holdings(conn, person_id=one.id) if held.in_force(today))
            )
            click.echo(
                f"{one.username:<20} {one.sort_name:<40} {functions}{'' if one.active else '  [cuenta cerrada]'}"
            )


@click.command("show")
@click.argument("username", metavar="USUARIO")
def show(username: str) -> None:
    """Todo lo de una persona: cuenta, funciones, subrogaciones, sesiones y accesos."""
    with open_app() as app:
        who, now, today = find_one(app, username), app.clock.now(), _today(app)
        with app.database.read() as conn:
            held, lent = list_holdings(conn, person_id=who.id), list_delegations(conn, who.id)
            sessions = list_sessions(conn, who.id, now)
            tokens = [one for one in list_tokens(conn, who.id) if one.revoked_at is None and one.expires_at > now]
            names = get_people(conn, {key for one in lent for key in (one.from_id, one.to_id)})
            able = sorted(roles_of(conn, who.id, today))
    click.echo(f"{who.sort_name} («{who.username}»): cuenta {'abierta' if who.active else 'CERRADA'}")
    click.echo(f"  Correo: {who.email}")
    click.echo(f"  Documento: {who.identity_kind or 'ninguno'} {who.identity_number or ''}".rstrip())
    click.echo(f"  Perfil: {who.profile or 'ninguno'}")
    click.echo(f"  Hoy puede actuar como: {', '.join(able) or 'nada'}")
    click.echo("Funciones:" if held else "Funciones: ninguna")
    for one in held:
        state = "" if one.in_force(today) else "  por empezar" if one.since > today else "  terminada"
        click.echo(f"  {one.role}{' (e)' if one.acting else ''}  {one.since} a {one.until or 'sin fin'}{state}")
    click.echo("Subrogaciones:" if lent else "Subrogaciones: ninguna")
    for loan in lent:
        state = "  revocada" if loan.revoked_at else "  terminada" if loan.until < today else ""
        mine = loan.from_id == who.id
        other = names[loan.to_id if mine else loan.from_id].username
        scope = f" ({loan.process})" if loan.process else ""
        side = "prestada a" if mine else "recibida de"
        click.echo(f"  {loan.role}{scope} {side} «{other}»  {loan.since} a {loan.until}  {loan.reason}{state}")
    click.echo(f"Sesiones abiertas: {len(sessions)}")
    for session in sessions:
        click.echo(f"  desde {session.address or 'sin dirección'}, último uso {session.seen_at:%Y-%m-%d %H:%M} UTC")
    click.echo(f"Accesos para programas: {len(tokens)}")
    for token in tokens:
        click.echo(f"  {token.name}, vence el {token.expires_at:%Y-%m-%d}")


@click.command("end")
@click.argument("username", metavar="USUARIO")
@click.argument("role", metavar="FUNCION")
@click.option("--on", "last", type=DAY, help="Último día en que la tiene; si no, hoy. Ayer: la pierde ya.")
def end(username: str, role: str, last: datetime | None) -> None:
    """Termina una función. Lo que la persona subrogó sigue hasta su fecha, salvo que se revoque (COA, art. 73)."""
    with open_app() as app:
        who, today = find_one(app, username), _today(app)
        day = last.date() if last else today
        with app.database.read() as conn:
            held = [one for one in office_people.open_holdings(conn, who.id, today) if one.role == role]
            lent = [one for one in office_people.open_loans(conn, who.id, today) if one.from_id == who.id]
        if not held:
            raise NotFound(f"«{username}» no tiene la función {role}. Véalas con «cartulario person show {username}».")
        first = min(held, key=lambda one: one.since)
        office_people.end(app, operator(), who.id, first.id, day)
    if day < first.since:
        click.echo(f"{username} no llega a tener la función {role}.")
    else:
        click.echo(f"{username} tiene la función {role} hasta el {day:%d/%m/%Y}, inclusive.")
    if any(one.role == role for one in lent):
        click.echo("Lo que subrogó sigue en pie: si ya no debe, «cartulario person revoke-delegation».")


@click.command("close")
@click.argument("username", metavar="USUARIO")
def close(username: str) -> None:
    """Cierra la cuenta: sus sesiones y accesos terminan, y ninguna función vale mientras esté cerrada."""
    with open_app() as app:
        office_people.close(app, operator(), find_one(app, username).id)
    click.echo(f"La cuenta de {username} está cerrada; lo que hizo queda. «cartulario person reopen» la abre.")


@click.command("reopen")
@click.argument("username", metavar="USUARIO")
def reopen(username: str) -> None:
    """Abre otra vez la cuenta, con la contraseña que tenía y las funciones que sigan en fecha."""
    with open_app() as app:
        office_people.reopen(app, operator(), find_one(app, username).id)
    click.echo(f"{username} ya puede entrar. Si otros sabían su contraseña: «cartulario person password {username}».")


@click.command("end-sessions")
@click.argument("username", metavar="USUARIO")
def end_sessions(username: str) -> None:
    """Termina las sesiones y los accesos para programas; la cuenta sigue abierta."""
    with open_app() as app:
        ended = office_people.end_sessions(app, operator(), find_one(app, username).id)
    click.echo(f"Sesiones de {username} que terminaron: {ended}. Sus accesos para programas ya no valen.")


@click.command("delegate")
@click.argument("username", metavar="USUARIO")
@click.argument("role", metavar="FUNCION")
@click.option("--to", "other", required=True, help="Usuario que la recibe.")
@click.option("--from", "since", type=DAY, help="Primer día; si no, hoy.")
@click.option("--until", type=DAY, required=True, help="Último día, inclusive; un año como máximo.")
@click.option("--reason", required=True, help="La acción de personal o el memorando.")
@click.option("--process", help="Solo para ese proceso; si no, para todos.")
def delegate(
    username: str, role: str, other: str, since: datetime | None, until: datetime, reason: str, process: str | None
) -> None:
    """Subroga una función: USUARIO la presta a otra persona entre dos fechas."""
    with open_app() as app:
        lender, borrower = find_one(app, username), find_one(app, other)
        known = {one.process for one in app.definitions.catalogue()}
        if process is not None and process not in known:
            raise InvalidAnswers({"process": f"No hay un proceso publicado «{process}»."})
        first = since.date() if since else _today(app)
        office_people.lend(app, operator(), lender.id, borrower.id, role, first, until.date(), reason, process)
    click.echo(f"{other} actúa como {role}, por {username}, del {first:%d/%m/%Y} al {until:%d/%m/%Y}.")


@click.command("revoke-delegation")
@click.argument("username", metavar="USUARIO")
@click.argument("role", metavar="FUNCION")
@click.option("--to", "other", required=True, help="Usuario que la recibió.")
def revoke_delegation(username: str, role: str, other: str) -> None:
    """Revoca desde ya lo que USUARIO subrogó a otra persona."""
    with open_app() as app:
        lender, borrower = find_one(app, username), find_one(app, other)
        with app.database.read() as conn:
            lent = office_people.open_loans(conn, lender.id, _today(app))
        theirs = [one for one in lent if (one.from_id, one.to_id, one.role) == (lender.id, borrower.id, role)]
        if not theirs:
            raise NotFound(f"«{username}» no tiene subrogada la función {role} a «{other}».")
        for one in theirs:
            office_people.revoke(app, operator(), one.id, lender.id)
    click.echo(f"{other} ya no actúa como {role} por {username}.")


@click.command("correct")
@click.argument("username", metavar="USUARIO")
@click.option("--given-names", help="Nombres.")
@click.option("--family-names", help="Apellidos.")
@click.option("--identity", "identity_number", help="Número del documento.")
@click.option("--identity-kind", type=click.Choice(IDENTITY_KINDS), help="Cuál es el documento.")
@click.option("--profile", type=click.Choice(PROFILES), help="Perfil en el portal.")
def correct(username: str, **given: str | None) -> None:
    """Corrige nombres, documento o perfil. Lo ya emitido no cambia; el correo se cambia con «address»."""
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise click.UsageError("Diga qué se corrige: --given-names, --family-names, --identity o --profile.")
    with open_app() as app:
        who = find_one(app, username)
        if "identity_number" in changes and not (who.identity_kind or given["identity_kind"]):
            raise InvalidAnswers({"identity_kind": "Diga cuál es el documento, con --identity-kind."})
        now = office_people.correct(app, operator(), who.id, changes)
    click.echo(
        f"{username}: {now.sort_name}, {now.identity_kind or 'sin documento'} {now.identity_number or ''}".rstrip()
    )


@click.command("changes")
@click.argument("username", metavar="[USUARIO]", default="")
def changes(username: str) -> None:
    """Quién dio, terminó, prestó o corrigió qué, y cuándo: de USUARIO, o de todas las personas; lo último primero."""
    with open_app() as app:
        who = find_one(app, username) if username else None
        with app.database.read() as conn:
            found = list_changes(conn, who.id if who else None, limit=MOST)
            ids = {key for one in found for key in (one.person_id, one.other_id, one.by_id) if key is not None}
            names = {key: person.username for key, person in get_people(conn, ids).items()}
    for one in found:
        told = " ".join(f"{name}={value}" for name, value in one.detail.items())
        other = f" a {names[one.other_id]}" if one.other_id else ""
        author = names[one.by_id] if one.by_id else f"operador {one.operator}"
        click.echo(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.what:<12} {names[one.person_id]}{other}  {told}  ({author})")
    if not found:
        click.echo("Ningún cambio registrado.")


@click.command("tribunal")
@click.argument("acta", metavar="ACTA")
@click.argument("n", metavar="[N]", type=int, required=False)
@click.argument("address", metavar="[CORREO]", required=False)
def tribunal(acta: str, n: int | None, address: str | None) -> None:
    """Los profesores del tribunal de ACTA con sus correos; con N y CORREO, registra el de quien no tiene cuenta."""
    with open_app() as app:
        if n is not None:
            if address is None:
                raise click.UsageError("Diga también el correo.")
            change_professor_address(app, operator(), acta, n, address)
        with app.database.read() as conn:
            members = tribunal_of(conn, acta_by_base(conn, acta).mesa_id)
    for one in members:
        click.echo(f"{one.n:>2}  {one.name:<40} {one.email or 'SIN CORREO'}{'  (con cuenta)' if one.person_id else ''}")


COMMANDS = (
    list_people,
    show,
    end,
    close,
    reopen,
    end_sessions,
    delegate,
    revoke_delegation,
    correct,
    changes,
    tribunal,
)
