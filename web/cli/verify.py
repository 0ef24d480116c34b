"""``cartulario verify FILE``: the four answers that /verificar gives, at the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import click

from engine.app import Cartulario
from engine.documents import find_original, read_document
from engine.signing.isolated import verify_upload
from engine.signing.verdict import State, Verdict
from web.cli.opened import open_app

MARKS = {State.OK: "bien", State.WARNING: "atención", State.BAD: "MAL", State.UNKNOWN: "no se sabe"}
QUESTIONS = {"integrity": "Integridad", "trust": "Confianza", "changes": "Cambios", "archive": "Archivo"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="La respuesta entera, para programas.")
def verify(file: Path, as_json: bool) -> None:
    """Comprueba las firmas de un PDF y si es uno de los originales. Sale con 1 si no se puede aceptar."""
    data = file.read_bytes()
    with open_app() as app:
        verdict = verify_upload(data, app.signing.trust, original=_original(app, data), at=app.clock.now())
    click.echo(json.dumps(verdict.to_json(), ensure_ascii=False, indent=1) if as_json else _readable(verdict))
    if not verdict.accepted:
        raise click.exceptions.Exit(1)


def _original(app: Cartulario, data: bytes) -> bytes | None:
    """The issued document that the file is, begins with, or claims to be by its code."""
    with app.database.read() as conn:
        match = find_original(conn, data)
        return read_document(conn, app.archive, match.document.id)[1] if match else None


def _readable(verdict: Verdict) -> str:
    lines = [verdict.summary, ""]
    lines += [f"{QUESTIONS[name]:<11} {MARKS[a.state]:<10} {a.text}" for name, a in verdict.answers.items()]
    for signer in verdict.signers:
        lines.append(f"Firmó       {signer.name} ({signer.issuer}) · {signer.level} · {signer.at or 'sin fecha'}")
    return "\n".join(lines)
