"""What is done with a returned file in a process of its own, within hard limits of memory, time and files
(``engine.apart``). Asked by ``returned``."""

from __future__ import annotations

import json
from typing import Any

from engine.actas.examen.package import Unopened
from engine.actas.examen.returned import Returned
from engine.actas.examen.returned_form import read_form
from engine.actas.examen.returned_word import read_word

LATE = ("encodings.cp437", "encodings.utf_16_be", "encodings.utf_16_le")
_UNKNOWN = "El archivo no es un .docx ni un PDF: envíe el acta en uno de esos dos formatos."
_OLD = (b"PK", b"\xd0\xcf\x11\xe0")


def read_here(data: bytes) -> Returned:
    """Raises Unopened."""
    if data.startswith(_OLD):
        return read_word(data)
    if b"%PDF-" in data[:1024]:
        return read_form(data)
    raise Unopened("damaged", _UNKNOWN)


def answer(data: bytes) -> dict[str, Any]:
    try:
        return read_here(data).to_json()
    except Unopened as error:
        return {"cause": error.cause, "message": str(error)}


def reply(data: bytes) -> bytes:
    return json.dumps(answer(data)).encode()
