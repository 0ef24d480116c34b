"""``cartulario person``: the first people of an installation, before anyone can sign in to add others."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.people import PROFILES, Person, change_address, create_person, find_person, grant_role, set_password
from engine.signing import add_pkcs12
from web.cli.opened import open_app


@click.group()
def person() -> None:
    """Las personas y sus funciones."""


@person.command("add")
@click.argument("username", metavar="USUARIO")
@click.option("--given-names", required=True, help="Nombres.")
@click.option("--family-names", required=True, help="Apellidos.")
@click.option("--email", required=True, help="Correo registrado.")
@click.option("--profile", type=click.Choice(PROFILES), help="Perfil en el portal.")
@click.password_option(help="Contraseña; si no se da, se pide.")
def add_person(
    username: str, given_names: str, family_names: str, email: str, profile: str | None, password: str
) -> None:
    """Registra a una persona que ya puede entrar."""
    with open_app() as app, app.database.write() as conn:
        create_person(
            conn,
            username=username,
            given_names=given_names,
            family_names=family_names,
            email=email,
            password=password,
            profile=profile,
            at=app.clock.now(),
        )
    click.echo(f"{username} ya puede entrar.")


@person.command("grant")
@click.argument("username", metavar="USUARIO")
@click.argument("role", metavar="FUNCION")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Desde; si no, hoy.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Hasta, inclusive; si no, sin fin.")
def grant(username: str, role: str, since: datetime | None, until: datetime | None) -> None:
    """Da a una persona una función (secretaria, secretario_general, jefe_secretaria, administrador, auditor…)."""
    with open_app() as app, app.database.write() as conn:
        who = _find(conn, username)
        first = since.date() if since else app.clock.now().astimezone(app.config.zone).date()
        grant_role(conn, who.id, role, first, until.date() if until else None)
    click.echo(f"{username} tiene la función {role} desde el {first:%d/%m/%Y}.")


@person.command("address")
@click.argument("username", metavar="USUARIO")
@click.argument("address", metavar="CORREO")
def new_address(username: str, address: str) -> None:
    """Registra otra dirección de correo desde ahora; la anterior queda en la historia."""
    with open_app() as app, app.database.write() as conn:
        change_address(conn, _find(conn, username).id, address, app.clock.now())
    click.echo(f"{username} escribe desde ahora con {address}.")


@person.command("password")
@click.argument("username", metavar="USUARIO")
@click.password_option(help="Contraseña; si no se da, se pide.")
def new_password(username: str, password: str) -> None:
    """Pone otra contraseña y cierra las sesiones de la persona."""
    with open_app() as app, app.database.write() as conn:
        set_password(conn, _find(conn, username).id, password, app.clock.now())
    click.echo(f"{username} tiene otra contraseña.")


@person.command("key")
@click.argument("username", metavar="USUARIO")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pin", prompt=True, hide_input=True, help="El PIN del archivo; se pide, y no se guarda.")
@click.option("--label", default="Firma", show_default=True)
def add_key(username: str, file: Path, pin: str, label: str) -> None:
    """Guarda el PKCS#12 con el que la persona firma; sigue bajo su PIN."""
    with open_app() as app, app.database.write() as conn:
        add_pkcs12(conn, _find(conn, username).id, file.read_bytes(), pin, label, app.clock.now())
    click.echo(f"{username} ya puede firmar.")


def _find(conn: Connection, username: str) -> Person:
    who = find_person(conn, username)
    if who is None:
        raise NotFound(f"No hay ninguna persona «{username}».")
    return who
