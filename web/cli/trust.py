"""``cartulario trust``: whom this installation believes, until when, and what is to be renewed."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from engine.clock import SystemClock
from engine.signing.trust_folder import Kept, KeptList, certificates, revocation_lists
from engine.words import counted
from web.cli.frame import read_config

SOON = timedelta(days=60)


@click.command()
def trust() -> None:
    """Muestra las autoridades certificadoras en que se confía. Sale con 1 si algo venció o falta."""
    config, now = read_config(), SystemClock().now()
    kept, lists = list(certificates(config.trust_dir)), list(revocation_lists(config.trust_dir))
    if not any(one.root for one in kept):
        raise click.ClickException(
            "No se confía en ninguna autoridad: indique CARTULARIO_TRUST_DIR, una carpeta como la de docs/deploy.md."
        )
    for one in kept:
        click.echo(f"{one.place:<24} {'raíz' if one.root else 'emisora':<8} hasta {one.until:%d/%m/%Y}  {one.name}")
        click.echo(f"{'':<24} {one.fingerprint}{_particular(one)}")
    for known in lists:
        until = f"{known.until:%d/%m/%Y %H:%M}" if known.until else "sin plazo"
        click.echo(f"{known.place:<24} {'revocados':<8} hasta {until}  {known.issuer}")
    wrong = [*_ended(kept, now), *_stale(lists, now), *_unnamed(kept)]
    for problem in wrong:
        click.echo(f"! {problem}")
    if wrong:
        raise click.exceptions.Exit(1)
    click.echo(f"{counted(len(kept), 'certificado', 'certificados')}: en orden.")


def _particular(one: Kept) -> str:
    told = [
        "DEMOSTRACIÓN" if one.meta.get("demo") else "",
        "SHA-1 admitido" if one.root and one.meta.get("allow_sha1") else "",
        f"identidad en {one.meta['identity']}" if one.root and "identity" in one.meta else "",
        f"de {one.meta['source']}" if "source" in one.meta else "",
    ]
    return "".join(f" · {part}" for part in told if part)


def _ended(kept: list[Kept], now: datetime) -> list[str]:
    soon = [one for one in kept if one.until <= now + SOON]
    return [
        f"{one.place}: «{one.name}» {'venció' if one.until <= now else 'vence'} el {one.until:%d/%m/%Y}."
        for one in soon
    ]


def _stale(lists: list[KeptList], now: datetime) -> list[str]:
    return [
        f"{one.place}: la lista de revocados de «{one.issuer}» debía renovarse el {one.until:%d/%m/%Y}."
        for one in lists
        if one.until is not None and one.until <= now
    ]


def _unnamed(kept: list[Kept]) -> list[str]:
    places = dict.fromkeys(one.place for one in kept if "fingerprints" not in one.meta and not one.meta.get("demo"))
    return [f"{place}: meta.toml no dice las huellas (fingerprints) de sus certificados." for place in places]
