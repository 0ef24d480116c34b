"""``cartulario check``: everything that would go wrong in a process, with its mend, before it is published."""

from __future__ import annotations

from pathlib import Path

import click

from engine.config import Config
from engine.upkeep import NotAProcess, check_process, process_names
from web.cli.frame import read_config


@click.command()
@click.argument("paths", metavar="[PROCESO|CARPETA|ARCHIVO]...", nargs=-1)
def check(paths: tuple[str, ...]) -> None:
    """Revisa los procesos que se nombran, o todos; no necesita base de datos."""
    config = read_config()
    names = dict.fromkeys(_process_of(path, config) for path in paths) if paths else process_names(config)
    problems = 0
    for name in names:
        findings = check_process(config, name)
        problems += len(findings)
        click.echo(f"{name}: {'sin problemas' if not findings else f'{len(findings)} por corregir'}")
        for finding in findings:
            click.echo(f"  {finding}")
    if problems:
        raise click.exceptions.Exit(1)


def _process_of(path: str, config: Config) -> str:
    """The process that a name, a folder of bpmn/ or forms/, or a file of either means."""
    if "/" not in path and not Path(path).exists():
        return path
    found = Path(path).resolve()
    for base in (config.bpmn_dir, config.forms_dir):
        if found.is_relative_to(base.resolve()) and found != base.resolve():
            return found.relative_to(base.resolve()).parts[0]
    raise NotAProcess(f"{path} no está en {config.bpmn_dir} ni en {config.forms_dir}.")
