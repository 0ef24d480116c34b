"""Template + data → PDF/A-2b, the same bytes for the same input.

Called by the operation ``render_document`` and, for stamps, by whoever signs. Files come from one bundle only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

from jinja2 import Environment

from engine.config import Config
from engine.documents.code import verification_url
from engine.documents.errors import TemplateFailed
from engine.documents.faces import FONTS
from engine.documents.lines import zone_label
from engine.documents.pdfa import SignatureBox, conforming
from engine.documents.templates import environment, fill
from engine.errors import Unavailable
from engine.letters import settable, unprintable
from engine.words import long_day

Compose = Callable[[str, Mapping[str, bytes], str, bytes, str | None], tuple[bytes, dict[str, SignatureBox], int]]

PDF_A = "pdf/a-2b"
STAMP_TEMPLATE = "_base/estampa.html"


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    bytes: bytes
    signature_boxes: dict[str, SignatureBox]
    pages: int


def render_pdf(files: Mapping[str, bytes], template: str, data: Mapping[str, Any], *, making: str = "") -> RenderedPdf:
    """The same bytes for the same ``making`` and data, whoever asks. Raises TemplateFailed (the owner's to mend) or
    Unavailable (Pango or the fonts are not installed)."""
    made = render_plain(files, template, data, variant=PDF_A, making=making)
    return RenderedPdf(conforming(made.bytes, made.signature_boxes), made.signature_boxes, made.pages)


def render_plain(
    files: Mapping[str, bytes],
    template: str,
    data: Mapping[str, Any],
    *,
    variant: str | None = None,
    making: str = "",
) -> RenderedPdf:
    """As the renderer leaves it, its boxes only measured: for who goes on with it. Raises as ``render_pdf``."""
    bundle = _Files(files)
    html = normalize("NFC", fill(_environment(bundle), template, settable(data))).replace("\u2010", "-")
    if strange := unprintable(html):
        raise TemplateFailed(
            f"El documento lleva «{strange[0]}» (U+{ord(strange[0]):04X}), que la letra institucional no tiene.",
            template=template,
        )
    identifier = hashlib.sha256(f"{bundle.hash}\n{template}\n{making}\n{html}".encode()).digest()[:16]
    pdf, boxes, pages = _composer(FONTS)(html, bundle.files, bundle.hash, identifier, variant)
    return RenderedPdf(pdf, boxes, pages)


def render_stamp(
    files: Mapping[str, bytes],
    config: Config,
    *,
    signer: str,
    role: str,
    at: datetime,
    reason: str,
    code: str | None,
    verb: str = "Firmado electrónicamente por",
) -> bytes:
    """The visible stamp of a signature: a PDF of one page of 72 × 24 mm."""
    local = at.astimezone(config.zone)
    data = {
        "casa": house(config),
        "verbo": verb,
        "firmante": signer,
        "cargo": role,
        "fecha": f"{long_day(local)}, {local:%H:%M:%S}",
        "zona": zone_label(at, config.zone),
        "motivo": reason,
        "codigo": code or "",
    }
    return render_pdf(files, STAMP_TEMPLATE, data).bytes


def house(config: Config) -> dict[str, Any]:
    """``casa``: what every template knows of the institution."""
    country = {"EC": "Ecuador", "AR": "Argentina"}[config.country]
    return {
        "nombre": config.institution,
        "unidad": config.unit,
        "lugar": [config.place, country],
        "zona": config.timezone,
        "demo": config.demo,
    }


def verification(config: Config, code: str, reference: str) -> dict[str, str]:
    """``verificacion``: what the foot of a document needs."""
    return {
        "codigo": code,
        "sitio": config.public_url.split("://", 1)[-1].rstrip("/") + "/verificar",
        "url": verification_url(config.public_url, code),
        "referencia": reference,
    }


class _Files:
    """The files of a bundle with a hash, so that what is parsed can be kept by it."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        digest = hashlib.sha256()
        for name in sorted(files):
            if name.startswith(("_base/", "forms/")):
                digest.update(f"{name}\0{len(files[name])}\0".encode())
                digest.update(files[name])
        self.hash = digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Files) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)


@lru_cache(maxsize=8)
def _environment(files: _Files) -> Environment:
    return environment(files.files)


@cache
def _composer(fonts: Path) -> Compose:
    try:
        # Here, since it loads Pango: a server starts without it, and says that it is missing when a document is made.
        from engine.documents.composer import Composer  # noqa: PLC0415
    except OSError as error:
        raise Unavailable(
            "No se pueden componer documentos: falta Pango. Instale libpango-1.0-0, libpangoft2-1.0-0 y "
            "libharfbuzz-subset0.",
            cause=str(error),
        ) from error
    if not fonts.is_dir():
        raise Unavailable(f"No se pueden componer documentos: faltan las letras en {fonts}. Ejecute ./run.")
    return Composer(fonts).compose
