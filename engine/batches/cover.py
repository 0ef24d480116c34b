"""The cover sheet of a print run: its number, who printed it and when, and a line for each document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.config import Config
from engine.documents import TemplateFailed, house, render_pdf
from engine.letters import unprintable

TEMPLATE = "portada.html"
FOLDER = "_imprenta"


@dataclass(frozen=True, slots=True)
class Line:
    holder: str
    title: str
    case: str
    code: str
    pages: int
    destination: str


def cover(
    config: Config,
    *,
    number: str,
    at: datetime,
    who: str,
    lines: Sequence[Line],
    both_sides: bool,
) -> bytes:
    """A PDF. Raises TemplateFailed."""
    same = {line.destination for line in lines}
    rows = [
        {
            "titular": _plain(line.holder),
            "documento": _plain(line.title),
            "tramite": line.case,
            "codigo": line.code,
            "paginas": line.pages,
            "destino": _plain(line.destination),
        }
        for line in lines
    ]
    data = {
        "casa": house(config),
        "numero": number,
        "hecha": at.isoformat(),
        "quien": _plain(who),
        "documentos": len(lines),
        "paginas": sum(line.pages for line in lines),
        "doble_faz": both_sides,
        "destino": _plain(same.pop()) if len(same) == 1 else "",
        "filas": rows,
    }
    return render_pdf(_files(config), TEMPLATE, data).bytes


def _files(config: Config) -> dict[str, bytes]:
    own, base = config.forms_dir / FOLDER, config.forms_dir / "_base"
    if not (own / TEMPLATE).is_file():
        raise TemplateFailed(f"Falta la hoja de ruta de la imprenta: {own / TEMPLATE}.", template=TEMPLATE)
    found = {f"forms/{path.name}": path.read_bytes() for path in sorted(own.iterdir()) if path.is_file()}
    return found | {f"_base/{path.name}": path.read_bytes() for path in sorted(base.iterdir()) if path.is_file()}


def _plain(text: str) -> str:
    """A letter that our type does not have must not stop a print run: the document itself has it."""
    strange = set(unprintable(text))
    return "".join("□" if letter in strange else letter for letter in text) if strange else text
