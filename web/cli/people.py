"""``cartulario person``: the people of an installation, also before anyone can sign in to add others. What is done to
functions and accounts is in ``charges``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from engine.inbound.office_people import change_address, give, note, refuse_same_identity
from engine.people import IDENTITY_KINDS, PROFILES, create_person, get_person, set_password
from engine.signing import add_pkcs12
from web.cli.charges import COMMANDS, find_one, kept_in_the_log, operator
from web.cli.opened import open_app


@click.group()
def person() -> None:
    """Las personas y sus funciones."""
    kept_in_the_log()


for command in COMMANDS:
    person.add_command(command)


@person.command("add")
@click.argument("username", metavar="USUARIO")
@click.option("--given-names", required=True, help="Nombres.")
@click.option("--family-names", required=True, help="Apellidos.")
@click.option("--email", required=True, help="Correo registrado.")
@click.option("--profile", type=click.Choice(PROFILES), help="Perfil en el portal.")
@click.option("--identity", help="Número de su documento: sin él no ve su registro académico.")
@click.option("--identity-kind", type=click.Choice(IDENTITY_KINDS), help="Cuál es el documento.")
@click.password_option(help="Contraseña; si no se da, se pide.")
def add_person(
    username: str,
    given_names: str,
    family_names: str,
    email: str,
    profile: str | None,
    identity: str | None,
    identity_kind: str | None,
    password: str,
) -> None:
    """Registra a una persona que ya puede entrar."""
    with open_app() as app, app.database.write() as conn:
        made = create_person(
            conn,
            username=username,
            given_names=given_names,
            family_names=family_names,
            email=email,
            password=password,
            profile=profile,
            identity_kind=identity_kind,
            identity_number=identity,
            identified=identity is not None,
            at=app.clock.now(),
        )
        who = get_person(conn, made)
        refuse_same_identity(conn, who)
        note(conn, app, operator(), "add", who)
    click.echo(f"{username} ya puede entrar.")


@person.command("grant")
@click.argument("username", metavar="USUARIO")
@click.argument("role", metavar="FUNCION")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Desde; si no, hoy.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Hasta, inclusive; si no, sin fin.")
@click.option("--acting", is_flag=True, help="Como encargado o encargada: se imprime «(e)».")
def grant(username: str, role: str, since: datetime | None, until: datetime | None, acting: bool) -> None:
    """Da a una persona una función (secretaria, secretario_general, jefe_secretaria, administrador, auditor…)."""
    with open_app() as app:
        first = since.date() if since else app.clock.now().astimezone(app.config.zone).date()
        last = until.date() if until else None
        give(app, operator(), find_one(app, username).id, role, first, last, acting=acting)
    how = " (e)" if acting else ""
    click.echo(f"{username} tiene la función {role}{how} desde el {first:%d/%m/%Y}{_until(last)}.")


@person.command("address")
@click.argument("username", metavar="USUARIO")
@click.argument("address", metavar="CORREO")
def new_address(username: str, address: str) -> None:
    """Registra otra dirección de correo desde ahora; la anterior queda en la historia."""
    with open_app() as app:
        change_address(app, operator(), find_one(app, username).id, address)
    click.echo(f"{username} escribe desde ahora con {address}.")


@person.command("password")
@click.argument("username", metavar="USUARIO")
@click.password_option(help="Contraseña; si no se da, se pide.")
def new_password(username: str, password: str) -> None:
    """Pone otra contraseña; las sesiones y los accesos de la persona terminan."""
    with open_app() as app, app.database.write() as conn:
        who = find_one(app, username)
        set_password(conn, who.id, password, app.clock.now())
        note(conn, app, operator(), "password", who)
    click.echo(f"{username} tiene otra contraseña.")


@person.command("key")
@click.argument("username", metavar="USUARIO")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pin", prompt=True, hide_input=True, help="El PIN del archivo; se pide, y no se guarda.")
@click.option("--label", default="Firma", show_default=True)
def add_key(username: str, file: Path, pin: str, label: str) -> None:
    """Guarda el PKCS#12 con el que la persona firma; sigue bajo su PIN."""
    with open_app() as app, app.database.write() as conn:
        who = find_one(app, username)
        add_pkcs12(conn, who.id, file.read_bytes(), pin, label, app.clock.now())
        note(conn, app, operator(), "key", who)
    click.echo(f"{username} ya puede firmar.")


def _until(last: date | None) -> str:
    return f" hasta el {last:%d/%m/%Y}" if last else ""
