"""The processes as files: check them without a database, describe the operations, start a new one from the template.

Called by ``cartulario check``, ``operations`` and ``new-service``. A folder whose name begins with "_" is no process:
``_plantilla`` is what a new one is copied from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from engine.config import Config
from engine.definitions import Bundle, Finding, check
from engine.errors import CartularioError
from engine.operations import CATALOGUE
from engine.operations.base import Card, describe

TEMPLATE = "_plantilla"
NAME = re.compile(r"[a-z][a-z0-9_]{2,79}\Z")
TEXT = {".bpmn", ".dmn", ".toml", ".json", ".html", ".txt", ".css", ".svg", ".md"}


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


def operation_cards() -> list[Card]:
    """What a service task may ask for, by name."""
    return [describe(operation) for _name, operation in sorted(CATALOGUE.items())]


def new_service(config: Config, name: str, title: str) -> list[Path]:
    """Copy the template's diagram, forms and texts as process ``name``; answer the new files. Raises NotAProcess."""
    if not NAME.match(name):
        raise NotAProcess(f"«{name}» no sirve de nombre: letras minúsculas sin tilde, cifras y guiones bajos.")
    folders = {config.bpmn_dir / TEMPLATE: config.bpmn_dir / name, config.forms_dir / TEMPLATE: config.forms_dir / name}
    for target in folders.values():
        if target.exists():
            raise NotAProcess(f"{target} ya existe; elija otro nombre.")
    words: Mapping[str, str] = {TEMPLATE: name, "Título del servicio": title}
    made = []
    for source, target in folders.items():
        for file in sorted(path for path in source.rglob("*") if path.is_file()):
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(_replaced(file, words))
            made.append(copy)
    return made


def _replaced(file: Path, words: Mapping[str, str]) -> bytes:
    data = file.read_bytes()
    if file.suffix not in TEXT:
        return data
    for old, new in words.items():
        data = data.replace(old.encode(), new.encode())
    return data
