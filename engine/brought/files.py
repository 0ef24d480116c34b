"""Files that people bring: looked at, drawn and compared without letting them near us.

Called by the operations that recognise and seal, and by the viewer of a cotejo. Each call runs one child;
what it cannot do within its limits is a file that we do not take, with the reason and what to do.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.brought.limits import MAX_PAGES, SECONDS
from engine.errors import CartularioError, Unavailable
from engine.words import listed

ENVIRONMENT = {"LANG": "C.UTF-8"}  # none of ours: it holds passwords and keys
WIDEST = 2_000  # dots of a drawn page
_ACTIVE = {
    "script": "un programa que se ejecuta al abrirlo (JavaScript)",
    "launch": "una orden de abrir otro programa",
    "form_data": "un formulario que envía o recibe datos",
    "attachment": "otros archivos adentro",
    "other_file": "un enlace a otro archivo",
    "media": "video, sonido u objetos en 3D",
    "xfa": "un formulario XFA, cuyo contenido cambia según el programa que lo abre",
}
_TROUBLE = {
    "encrypted": "está protegido con contraseña. Quite la protección o pida a quien lo emitió una copia sin ella.",
    "damaged": "está dañado o incompleto. Descárguelo otra vez, o pida otra copia a quien lo emitió.",
    "complex": "es tan complejo que no se puede comprobar. Pida a quien lo emitió una copia más simple.",
    "pages": f"pasa de {MAX_PAGES} páginas o no tiene ninguna. Envíe solo el certificado.",
    "page_size": "tiene páginas de un tamaño que no es de papel. Pida a quien lo emitió una copia en A4 o carta.",
    "pixels": "es una imagen demasiado grande. Envíela con menos resolución, hasta 60 millones de puntos.",
}


class CannotShow(CartularioError):
    """A page that the child could not draw within its limits."""

    status = 422
    code = "cannot_show"


@dataclass(frozen=True, slots=True)
class Brought:
    """Bytes and what they are, as the upload was found to be."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Look:
    """``trouble``: why it is not taken and what to do, a sentence that follows «El archivo»; None when it is."""

    trouble: str | None
    pages: int
    texts: tuple[str, ...]
    mode: str | None = None  # of an image: L, RGB, CMYK…
    size: tuple[int, int] | None = None
    adobe: bool = False
    turn: int = 0  # degrees clockwise that set an image upright


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one page. ``share``: of its dots, those that differ; ``png``: the page with them marked."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    share: float
    png: bytes


def look_at(file: Brought) -> Look:
    """Raises Unavailable only when the child cannot be started."""
    try:
        found = _apart("look", [file])
    except _TooHard:
        return Look(_TROUBLE["complex"], 0, ())
    size = found.get("size")
    return Look(
        _explained(found["trouble"], found["active"]),
        found["pages"],
        tuple(found["texts"]),
        found.get("mode"),
        (size[0], size[1]) if size else None,
        bool(found.get("adobe")),
        found.get("turn", 0),
    )


def draw_brought(file: Brought, page: int, width: int) -> bytes:
    """A PNG of a page, from 0. Raises CannotShow when it cannot be drawn."""
    try:
        return base64.b64decode(_apart("draw", [file], page=page, width=min(width, WIDEST))["png"])
    except _TooHard as error:
        raise CannotShow("Esta página no se puede mostrar: no existe o es demasiado compleja.") from error


def compare_brought(submitted: Brought, reference: Brought, page: int, width: int) -> Difference:
    """Raises CannotShow when one of them cannot be read."""
    try:
        found = _apart("differ", [submitted, reference], page=page, width=min(width, WIDEST))
    except _TooHard as error:
        raise CannotShow("Estas páginas no se pueden comparar: no existen o son demasiado complejas.") from error
    return Difference(tuple(found["removed"]), tuple(found["added"]), found["share"], base64.b64decode(found["png"]))


def flatten_image(file: Brought) -> bytes:
    """A plain PNG of any image. Raises CannotShow."""
    try:
        return base64.b64decode(_apart("flatten", [file])["png"])
    except _TooHard as error:
        raise CannotShow(f"El archivo {_TROUBLE['pixels']}") from error


def rebuild_pdf(file: Brought) -> bytes:
    """The same pages in a well-made file, for a PDF that bears no addition. Raises CannotShow; also when signed."""
    try:
        return base64.b64decode(_apart("rebuild", [file])["pdf"])
    except _TooHard as error:
        raise CannotShow(
            "Este PDF no admite la hoja de sello sin rehacerlo, y rehacerlo le quitaría sus firmas. Pida a quien lo "
            "emitió otra copia."
        ) from error


class _TooHard(Exception):
    """The child met its limits, or broke on the file."""


def _apart(task: str, files: Sequence[Brought], **more: Any) -> dict[str, Any]:
    request = {
        "task": task,
        "types": [file.media_type for file in files],
        "files": [base64.b64encode(file.data).decode() for file in files],
        **more,
    }
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-m", "engine.brought.child"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=SECONDS + 3,
            check=False,
            env=ENVIRONMENT,
        )
    except subprocess.TimeoutExpired as error:
        raise _TooHard("time") from error
    except OSError as error:
        raise Unavailable() from error
    if child.returncode != 0:
        raise _TooHard(f"the process ended with {child.returncode}")
    return dict(json.loads(child.stdout))


def _explained(trouble: str | None, active: Sequence[str]) -> str | None:
    if trouble is None:
        return None
    if trouble != "active":
        return _TROUBLE[trouble]
    return (
        f"lleva {listed([_ACTIVE[one] for one in active])}, y eso no se puede sellar. Pida a quien lo emitió un PDF "
        "sin ello; no lo imprima a otro PDF, porque perdería sus firmas."
    )
