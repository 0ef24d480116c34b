"""Is a file an acta that can be kept and copied: a whole PDF, not encrypted, of a sensible size."""

from __future__ import annotations

import io

import pikepdf

MAX_PDF = 40 * 1024 * 1024  # bytes of one acta
MAX_PAGES = 1_000


class BadPdf(Exception):
    """``args[0]``: a sentence for the person who sent it."""


def count_pages(data: bytes) -> int:
    """How many pages it has. Raises BadPdf."""
    if not data:
        raise BadPdf("El archivo está vacío.")
    if len(data) > MAX_PDF:
        raise BadPdf(f"El archivo pasa de {MAX_PDF // 1024 // 1024} MB: escanéelo con menos resolución.")
    if b"%PDF-" not in data[:1024]:
        raise BadPdf("El archivo no es un PDF.")
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise BadPdf("El PDF está cifrado: quítele la contraseña y las restricciones.")
            pages = len(pdf.pages)
            for page in pdf.pages:
                page.contents_coalesce()  # a page whose content cannot be read
    except pikepdf.PasswordError as error:
        raise BadPdf("El PDF pide contraseña: quítesela.") from error
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError) as error:
        raise BadPdf("El PDF está dañado: ábralo, guárdelo otra vez o escanéelo de nuevo.") from error
    if not 1 <= pages <= MAX_PAGES:
        raise BadPdf(f"El PDF tiene {pages} páginas: un acta tiene entre 1 y {MAX_PAGES}.")
    return pages
