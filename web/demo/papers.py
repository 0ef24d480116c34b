"""Files that people of the demo bring: a certificate of some fictitious school, or a photograph of one."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw

from engine.documents import render_pdf

_PAGE = """<html lang="es"><head><title>{{ titulo }}</title></head>
<body style="font-family: 'Source Sans 3'; margin: 3cm"><h1>{{ titulo }}</h1>
<p>Unidad Educativa del Estuario (de muestra)</p>
<p>Certifica que consta en sus archivos lo que este documento dice. Hecho para la demostración; sin valor.</p>
</body></html>"""


def paper(name: str, issued: bytes | None = None) -> bytes:
    """A file of this name, of the kind that its ending says. ``issued`` is a document of the office: «propio» brings it
    as it is, «alterado» a copy that somebody wrote anew, «protegido» one that asks for a password."""
    match Path(name).stem:
        case "propio" if issued:
            return issued
        case "alterado" if issued:
            return _saved_anew(issued)
        case "protegido":
            return _saved_anew(_document(name), pikepdf.Encryption(owner="muestra", user="muestra"))
    return _photograph() if Path(name).suffix.lower() in (".jpg", ".jpeg", ".png") else _document(name)


def _saved_anew(data: bytes, encryption: pikepdf.Encryption | None = None) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.docinfo["/Title"] = "Copia"
        pdf.save(target, encryption=encryption or False)
    return target.getvalue()


@lru_cache
def _document(name: str) -> bytes:
    title = Path(name).stem.replace("-", " ").replace("_", " ").capitalize()
    return render_pdf({"forms/hoja.html": _PAGE.encode()}, "hoja.html", {"titulo": title}).bytes


@lru_cache
def _photograph() -> bytes:
    image = Image.new("RGB", (1240, 1754), "#f4efe6")
    ImageDraw.Draw(image).rectangle((120, 160, 1120, 1590), outline="#6b5d4d", width=6)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=70)
    return target.getvalue()
