"""What a docente wrote into the fields of an acta's form in PDF. Called apart, by ``returned_apart``.

Only the values of its text fields are read; nothing of the file is drawn or run. A PDF that was printed to another,
or made of the Word file, has no fields: its letters are read where they stand, or a person reads it.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from typing import Any

import pikepdf

from engine.actas.examen.package import Unopened
from engine.actas.examen.returned import Returned, ReturnedRow, read_count
from engine.actas.examen.returned_print import NotRead, read_print

MOST_FIELDS = 600
MOST_ROWS = 21
LONGEST = 300
DEEPEST = 6
ROW_FIELDS = ("expediente", "nombre", "documento", "nota", "letras", "fecha")
_DAMAGED = "El PDF está dañado: ábralo, guárdelo otra vez y envíelo."
_ENCRYPTED = "El PDF tiene contraseña o restricciones: guárdelo sin ellas."
_FLATTENED = "El PDF no tiene los campos del acta y su texto no se lee con certeza: lo tiene que leer una persona."


def read_form(data: bytes) -> Returned:
    """Raises Unopened."""
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Unopened("encrypted", _ENCRYPTED)
            values = _values(pdf)
    except pikepdf.PasswordError as error:
        raise Unopened("encrypted", _ENCRYPTED) from error
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, RuntimeError, RecursionError) as error:
        raise Unopened("damaged", _DAMAGED) from error
    if "base" not in values:
        try:
            return read_print(data)
        except NotRead as error:
            raise Unopened("flattened", _FLATTENED) from error
    rows = []
    for n in range(1, MOST_ROWS + 1):
        if f"expediente_{n}" in values:
            rows.append(ReturnedRow(n=n, **{name: values.get(f"{name}_{n}", "") for name in ROW_FIELDS}))
    return Returned(
        base=values["base"],
        written_day=values.get("fecha", ""),
        inscriptos=read_count(values.get("inscriptos", "")),
        examinados=read_count(values.get("examinados", "")),
        rows=tuple(rows),
    )


def _values(pdf: pikepdf.Pdf) -> dict[str, str]:
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return {}
    found: dict[str, str] = {}
    for name, value in _fields(form.get("/Fields"), "", 0):
        if name in found or len(found) > MOST_FIELDS:
            raise Unopened("damaged", _DAMAGED)
        found[name] = value
    return found


def _fields(listed: Any, above: str, depth: int) -> Iterator[tuple[str, str]]:
    """Names with the value of each; some programs put what they touch below a field of their own."""
    if not isinstance(listed, pikepdf.Array) or depth > DEEPEST:
        return
    for field in listed:
        if not isinstance(field, pikepdf.Dictionary):
            continue
        own = field.get("/T")
        name = ".".join(part for part in (above, str(own) if isinstance(own, pikepdf.String) else "") if part)
        value = field.get("/V")
        if isinstance(value, pikepdf.String):
            yield name, " ".join(unicodedata.normalize("NFC", str(value))[:LONGEST].split())
        yield from _fields(field.get("/Kids"), name, depth + 1)
