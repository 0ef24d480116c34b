"""Certificates rendered and sealed (B-B) per second and core, against a bare loop of WeasyPrint and pyHanko with a kept key.

The bare loop gets the finished HTML, the same parsed sheets and fonts, and signs with the same key: what the product adds
is the template, the QR, PDF/A conformance, the signature field, the fixed identifier and its checks. Both are timed in
processor time, in turns.
"""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from engine.config import Config
from engine.documents import render_pdf
from engine.documents.composer import BASE, BundleFiles, Fonts
from engine.documents.faces import FONTS, font_face_rules
from engine.documents.templates import environment, fill
from engine.signing import Signing, load_signing, open_demo_pki, sign_pdf
from tests.support.paper import data, files

GOAL = 0.9
PER_SECOND = 20.0
PAIRS = 40
NAMES = ("María José Sagñay Güiracocha", "Segundo Ñáñez", "Ana Lucía Íñiguez Quishpe de la Cruz", "Fiorella D'Angelo")

GIVEN = data()


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        pki = open_demo_pki(Path(folder), "Universidad Nacional del Estuario")
        signing = load_signing(Config(**pki.settings()))
    ours, bare = _product(signing), _bare_loop(signing)
    for turn in range(3):
        ours(turn), bare(turn)
    pairs = [(_cpu(ours, turn), _cpu(bare, turn)) for turn in range(PAIRS)]
    value = 1 / statistics.median(own for own, _other in pairs)
    against = 1 / statistics.median(other for _own, other in pairs)
    ratio = statistics.median(other / own for own, other in pairs)
    return {
        "documents": {
            "value": round(value, 1),  # certificates per second and core
            "against": round(against, 1),
            "ratio": round(ratio, 3),
            "goal": GOAL,
            "met": ratio >= GOAL and value >= PER_SECOND,
        }
    }


def _product(signing: Signing) -> Callable[[int], bytes]:
    bundle = files()

    def make(turn: int) -> bytes:
        pdf = render_pdf(bundle, "certificacion.html", _data(turn)).bytes
        return sign_pdf(pdf, signing.seal, signing, level="B-B", at=datetime.now(UTC), reason="Certificación")

    return make


def _bare_loop(signing: Signing) -> Callable[[int], bytes]:
    bundle, fonts = files(), FontConfiguration()
    fetcher = BundleFiles(bundle)
    sheets = [
        CSS(string=font_face_rules(), font_config=fonts, url_fetcher=Fonts(FONTS)),
        CSS(string=bundle["_base/base.css"].decode(), base_url=BASE, url_fetcher=fetcher),
    ]
    link = '<link rel="stylesheet" href="_base/base.css">'
    filled = environment(bundle)
    pages = [fill(filled, "certificacion.html", _data(turn)).replace(link, "") for turn in range(len(NAMES))]
    images: dict[str, Any] = {}

    def make(turn: int) -> bytes:
        source = HTML(string=pages[turn % len(pages)], base_url=BASE, url_fetcher=fetcher)
        pdf = source.write_pdf(font_config=fonts, stylesheets=sheets, cache=images, pdf_variant="pdf/a-2b")
        signer = PdfSigner(
            PdfSignatureMetadata(
                "sello", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason="Certificación"
            ),
            signer=signing.seal.signer,
            new_field_spec=SigFieldSpec("sello"),
        )
        return bytes(signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getbuffer())

    return make


def _data(turn: int) -> dict[str, Any]:
    return {**GIVEN, "nombre": NAMES[turn % len(NAMES)]}


def _cpu(make: Callable[[int], bytes], turn: int) -> float:
    began = time.process_time()
    make(turn)
    return time.process_time() - began
