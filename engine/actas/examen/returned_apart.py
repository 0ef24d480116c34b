"""The process that opens a returned file: ``python -I -m engine.actas.examen.returned_apart`` reads the file from its
standard input and writes one answer, within hard limits of memory, time and files. Started by ``returned``."""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from engine.actas.examen.package import Unopened
from engine.actas.examen.returned import SECONDS, Returned
from engine.actas.examen.returned_form import read_form
from engine.actas.examen.returned_word import read_word

MEMORY = 768 * 1024 * 1024
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


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read())))


if __name__ == "__main__":
    _main()
