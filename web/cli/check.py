"""``cartulario check``: everything that would go wrong in a process, with its mend, before it is published."""

from __future__ import annotations

from pathlib import Path

import click

from engine.config import Config
from engine.definitions.folders import SHARED
from engine.upkeep import NotAProcess, check_process, process_names, processes_that_call
from web.cli.frame import read_config


@click.command()
@click.argument("paths", metavar="[PROCESO|CARPETA|ARCHIVO]...", nargs=-1)
def check(paths: tuple[str, ...]) -> None:
    """Revisa los procesos que se nombran, o todos; no necesita base de datos. De un diagrama compartido, los que lo
    llaman."""
    config = read_config()
    names = dict.fromkeys(name for path in paths for name in _processes_of(path, config)) or process_names(config)
    problems = 0
    for name in names:
        findings = check_process(config, name)
        problems += len(findings)
        click.echo(f"{name}: {'sin problemas' if not findings else f'{len(findings)} por corregir'}")
        for finding in findings:
            click.echo(f"  {finding}")
    if problems:
        raise click.exceptions.Exit(1)


def _processes_of(path: str, config: Config) -> list[str]:
    """The process that a name, a folder of bpmn/ or forms/, or a file of either means; of a shared diagram, those that
    call it."""
    if "/" not in path and not Path(path).exists():
        return processes_that_call(config, path) or [path]
    found = Path(path).resolve()
    for base in (config.bpmn_dir, config.forms_dir):
        if found.is_relative_to(base.resolve()) and found != base.resolve():
            folder, *rest = found.relative_to(base.resolve()).parts
            if folder == SHARED and base == config.bpmn_dir:
                return processes_that_call(config, Path(*rest).stem if rest else None)
            return [folder]
    raise NotAProcess(f"{path} no está en {config.bpmn_dir} ni en {config.forms_dir}.")
