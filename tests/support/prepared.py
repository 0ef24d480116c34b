"""Files of a kind, by name, for scenarios: one of ours, an altered copy of it, somebody else's, a photograph…

Used by the players of ``tests/processes`` and ``tests/tour``; any other name is a blank page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache

import pikepdf
import pypdfium2
import sqlalchemy as sa

from engine.app import Cartulario
from engine.documents import new_code, render_pdf, store_document, verification
from engine.documents.document import Document, document_of
from engine.signing import sign_pdf
from engine.storage.tables import document
from tests.support.paper import data, files

OWN = "propio.pdf"
ENROLLED = re.compile(r"inscriptos-([0-9]+)(-mal)?\.csv")  # a list of so many, good or with a bad row
OURS = {
    "nombre": "María José Sagñay Güiracocha",
    "texto": "aprobó Biología general con 94 y Química orgánica con 88,5.",
}
FOREIGN = """<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Certificado</title>
<link rel="stylesheet" href="_base/base.css"></head><body><div class="titulo"><h1>Instituto de Lenguas «Andrés Bello»</h1></div>
<p>Certifica que Joaquín Sebastián D’Angelo Núñez aprobó el nivel B1 de inglés, con 120 horas.</p>
<p>Quito, 11 de marzo de 2024, n.º IL-2024-1187</p></body></html>"""


def prepared(name: str, app: Cartulario) -> bytes:
    if found := ENROLLED.fullmatch(name):
        return enrolled(int(found[1]), wrong=bool(found[2]))
    return KINDS[name](app) if name in KINDS else blank_pdf()


def blank_pdf() -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(target)
    return target.getvalue()


def own(app: Cartulario) -> bytes:
    """Issued by this office once, sealed and in its archive."""
    return app.archive.get(own_document(app).sha256)


def own_document(app: Cartulario) -> Document:
    with app.database.write() as conn:
        row = conn.execute(sa.select(document).where(document.c.name == OWN, document.c.kind == "issued")).first()
        if row is not None:
            return document_of(row)
        code = new_code(conn)
    sealed = sign_pdf(_printed(app, code, OURS), app.signing.seal, app.signing, level="B-B", at=app.clock.now())
    with app.database.write() as conn:
        return store_document(
            conn,
            app.archive,
            case_id=None,
            kind="issued",
            name=OWN,
            title="Certificación",
            media_type="application/pdf",
            data=sealed,
            code=code,
            facts=[("Titular", OURS["nombre"])],
            at=app.clock.now(),
        )


def altered(app: Cartulario) -> bytes:
    """A copy of ours, with its code, that says something else."""
    better = {**OURS, "texto": "aprobó Biología general con 100 y Química orgánica con 100."}
    return _printed(app, own_document(app).code or "", better)


def _printed(app: Cartulario, code: str, said: dict[str, str]) -> bytes:
    given = data(verificacion=verification(app.config, code, "Certificación n.º SG-2024-000112"), **said)
    return render_pdf(files(), "certificacion.html", given).bytes


@cache
def foreign() -> bytes:
    return render_pdf(files(FOREIGN), "certificacion.html", {}).bytes


@cache
def photograph() -> bytes:
    with pypdfium2.PdfDocument(foreign()) as pdf:
        picture = pdf[0].render(scale=1.5).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(foreign())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="x", user="secreto"))
    return out.getvalue()


def enrolled(count: int, *, wrong: bool = False) -> bytes:
    """A list of that many students, as a Departamento exports it; the first has an account in the tests' offices.
    ``wrong``: its last row has neither document nor name."""
    rows = [("PG-0001/26", "Ñáñez de la Cruz", "María José", "CI", "0912345675")]
    rows += [
        (f"PG-{n:04d}/26", f"Apellido {_letters(n)}", "Nombre", "DNI", str(20_000_000 + n)) for n in range(2, count + 1)
    ]
    if wrong:
        rows[-1] = ("PG-9999/26", "", "", "DNI", "12")
    lines = [("expediente", "apellidos", "nombres", "tipo", "documento"), *rows]
    return "".join(";".join(line) + "\r\n" for line in lines).encode()


def _letters(n: int) -> str:
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in str(n))


KINDS: dict[str, Callable[[Cartulario], bytes]] = {
    OWN: own,
    "alterado.pdf": altered,
    "ajeno.pdf": lambda app: foreign(),
    "foto.jpg": lambda app: photograph(),
    "protegido.pdf": lambda app: locked(),
}
