"""The processes as files: check them without a database, describe the operations, start a new one from the template.

Called by ``cartulario check``, ``operations`` and ``new-service``. A folder whose name begins with "_" is no process:
``_plantilla`` is what a new one is copied from.
"""

from __future__ import annotations

from pathlib import Path

from engine import definitions
from engine.config import Config
from engine.definitions import Bundle, Finding, check
from engine.definitions.folders import SHARED, is_shared
from engine.errors import CartularioError
from engine.operations import CATALOGUE
from engine.operations.base import Card, describe


class NotAProcess(CartularioError):
    status = 422
    code = "not_a_process"


def process_names(config: Config) -> list[str]:
    """Every process folder of the installation, in alphabetical order."""
    return sorted(
        folder.name for folder in config.bpmn_dir.glob("*/") if folder.is_dir() and not folder.name.startswith("_")
    )


def read_process(config: Config, name: str) -> Bundle:
    """Raises NotAProcess when there is no such folder."""
    if not (config.bpmn_dir / name / "proceso.bpmn").is_file():
        known = ", ".join(process_names(config)) or "ninguno"
        raise NotAProcess(f"No hay un proceso «{name}» en {config.bpmn_dir}. Los que hay: {known}.")
    return Bundle.read(config.bpmn_dir, config.forms_dir, name)


def check_process(config: Config, name: str) -> list[Finding]:
    return check(read_process(config, name), CATALOGUE)


def processes_that_call(config: Config, shared: str | None) -> list[str]:
    """Those that take the shared diagram or table of that name with them; none given: any."""
    found = []
    for name in process_names(config):
        taken = [Path(file).stem for file in read_process(config, name).files if is_shared(file)]
        if shared in taken or (shared is None and taken):
            found.append(name)
    return found


def takes_from_shared(config: Config, process: str, file: str) -> bool:
    """Whether that file of a process's bundle is written once for several: a diagram, a table, a form, a mail."""
    name = file.removeprefix("forms/")
    common = (config.forms_dir / SHARED / name).is_file() and not (config.forms_dir / process / name).is_file()
    return is_shared(file) or (file.startswith("forms/") and common)


def operation_cards() -> list[Card]:
    """What a service task may ask for, by name."""
    return [describe(operation) for _name, operation in sorted(CATALOGUE.items())]


def new_service(config: Config, name: str, title: str) -> list[Path]:
    """Copy the template's diagram, forms and texts as process ``name``; answer the new files."""
    return definitions.new_service(name, config.bpmn_dir, config.forms_dir, title)
