"""``cartulario serve``: the web. One process by waitress, or several by gunicorn, behind a proxy that ends TLS."""

from __future__ import annotations

import pkgutil
import signal
import sys

import click
import waitress

from engine.heap import settle
from web.app import create_app
from web.cli.logs import configure_logs
from web.cli.memory import share_heaps
from web.cli.opened import open_app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Dirección en la que atiende.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Hilos por proceso.")
@click.option("--workers", default=0, show_default=True, type=click.IntRange(0, 32), help="Procesos; 0: este mismo.")
def serve(host: str, port: int, threads: int, workers: int) -> None:
    """Atiende el portal, la bandeja y la API."""
    configure_logs()
    share_heaps()
    with open_app() as app:
        click.echo(f"Cartulario atiende en http://{host}:{port}")
        if not workers:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # waitress then lets the requests at hand end
            face = create_app(app)
            settle()
            waitress.serve(face, host=host, port=port, threads=threads, ident="cartulario", _quiet=True)
            return
    if workers > 1:
        click.echo(
            f"Cada proceso cuenta aparte los intentos: con {workers} se admiten hasta {workers} veces más. "
            "El límite de todos lo pone el proxy (docs/deploy.md)."
        )
    pkgutil.resolve_name("web.cli.gunicorn_server:run")(host, port, workers, threads)
