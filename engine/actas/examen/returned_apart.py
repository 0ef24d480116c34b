"""What is done with a returned file in a process of its own, within hard limits of memory, time and files
(``engine.apart``). Asked by ``returned``."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pikepdf

from engine.actas.examen.package import Unopened
from engine.actas.examen.returned import Returned
from engine.actas.examen.returned_form import read_form
from engine.actas.examen.returned_word import read_word

_XML = '<?xml version="1.0" encoding="UTF-8"?><{} xmlns="urn:{}"/>'
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


def warm() -> None:
    """A Word file and a PDF of no meaning."""
    word, form = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(word, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", _XML.format("Types", "content-types"))
        made.writestr("word/document.xml", _XML.format("w", "w"))
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[pikepdf.Dictionary(T="base", V="ñ", FT=pikepdf.Name.Tx)])
        pdf.save(form)
    for data in (word.getvalue(), form.getvalue()):
        answer(data)


def reply(data: bytes) -> bytes:
    return json.dumps(answer(data)).encode()
