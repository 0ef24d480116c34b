"""A new service from the template: a diagram, forms, mails and a document that check clean and run (rule 8: no Python).

Called by ``cartulario new-service NAME`` (through ``upkeep.processes``) and the studio.
"""

from __future__ import annotations

from pathlib import Path

from engine.definitions.bundle import PROCESS_NAME
from engine.definitions.layout import draw
from engine.errors import Conflict, InvalidAnswers

TEMPLATE = "_plantilla"
_ID, _TITLE = "proceso_nuevo", "Título del servicio"


def new_service(name: str, bpmn_dir: Path, forms_dir: Path, title: str | None = None) -> list[Path]:
    """The files made in the two folders. Raises ``InvalidAnswers`` (the name), ``Conflict`` (it is taken)."""
    if not PROCESS_NAME.fullmatch(name):
        message = f"«{name}» no sirve de nombre: letras minúsculas sin tilde, cifras y «_», como «copia_de_acta»."
        raise InvalidAnswers({"name": message}, message)
    pairs = [(folder / TEMPLATE, folder / name) for folder in (bpmn_dir, forms_dir)]
    for _source, target in pairs:
        if target.exists():
            raise Conflict(f"{target} ya existe; elija otro nombre.")
    words = {_ID: name, _TITLE: title or name.replace("_", " ").capitalize()}
    made = []
    for source, target in pairs:
        target.mkdir(parents=True)
        for file in sorted(path for path in source.iterdir() if path.is_file()):
            copy = target / file.name
            copy.write_bytes(_own(file, words))
            made.append(copy)
    return made


def _own(file: Path, words: dict[str, str]) -> bytes:
    """The template's file with the new service's id and title."""
    text = file.read_text(encoding="utf-8")
    for old, new in words.items():
        text = text.replace(old, new)
    data = text.encode()
    return draw(data) if file.suffix == ".bpmn" else data
