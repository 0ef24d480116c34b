"""``cartulario work``: a worker. Runs jobs and fires timers until it is told to stop; then finishes what runs."""

from __future__ import annotations

import signal
from threading import Event

import click

from engine.heap import settle
from engine.inbound.worker import work
from web.cli.logs import configure_logs
from web.cli.memory import share_heaps
from web.cli.opened import open_app


@click.command("work")
@click.option("--concurrency", type=click.IntRange(1, 128), help="Trabajos a la vez; si no, el de la configuración.")
@click.option("--name", help="Nombre fijo de este trabajador; si no, uno nuevo en cada arranque.")
def work_command(concurrency: int | None, name: str | None) -> None:
    """Ejecuta los trabajos y los plazos que vencen, hasta SIGTERM o Ctrl-C."""
    configure_logs()
    share_heaps()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with open_app() as app:
        settle()
        click.echo("Cartulario trabaja.")
        work(app, stop, executor_id=name, concurrency=concurrency)
