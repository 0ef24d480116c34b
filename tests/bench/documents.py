"""Documents rendered and sealed (B-B) per second and core, against a bare loop of WeasyPrint and pyHanko with a kept key.

The four real templates in turn: certificate, certification, the page that certifies a copy, the page of a seal. The bare
loop gets the finished HTML, the same parsed sheets and fonts, and signs with the same key: what the product adds
is the template, the QR, PDF/A conformance, the signature field, the fixed identifier and its checks. Both are timed in
processor time, in turns.
"""

from __future__ import annotations

import io
import re
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
from engine.documents.templates import bundle_name, environment, fill
from engine.signing import Signing, load_signing, open_demo_pki, sign_pdf
from tests.support.paper import data, forms_of

GOAL = 0.9
PER_SECOND = 10.0  # of the four in turn; the lightest alone gives twice that
PAIRS = 40
NAMES = ("María José Sagñay Güiracocha", "Segundo Ñáñez", "Ana Lucía Íñiguez Quishpe de la Torre", "Fiorella D'Angelo")
PAPERS = (
    ("solicitar_certificado", "certificado_actividad.html"),
    ("solicitar_certificacion", "certificacion_matricula.html"),
    ("solicitar_copia_acta", "copia_certificada.html"),
    ("solicitar_sellado", "sellado.html"),
)
_LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
_SUM = ["9f86d081884c7d65", "9a2feaa0c55ad015"] * 4

GIVEN = data(
    asunto="Certificado", tipo="matricula", tipo_otro=None, texto=None, observaciones=None,
    destino="Universidad de Cuenca, para un cambio de universidad", logro=None, detalle=None, calidad="ponente",
    actividad="XII Jornadas de Biotecnología Aplicada", desde="2026-05-11", hasta="2026-05-13", horas=24,
    registro={"carrera": "Ingeniería en Biotecnología", "facultad": "Facultad de Ciencias e Ingeniería",
              "modalidad": "Presencial", "ingreso": "2023-I", "estado": "Matriculado", "fuente": "Sistema académico"},
    acta={"nombre": "Acta 7 de la Comisión de Gestión Académica", "titulo": "Planificación del semestre",
          "tipo": "ordinaria", "fecha": "2026-03-05", "aprobada": "2026-03-12", "suscriben": "El Rector",
          "paginas": 6, "omitidas": "", "motivo_reserva": "", "custodia": "Fondo Sesiones, caja 4", "resumen": _SUM},
    copia={"paginas": 6, "total": 7},
    titulo_certificado="Certificado de inglés B2", numero_certificado="B2-778", emisor="Centro de Idiomas",
    emitido_certificado="2026-02-01", a_favor_de="María José Sagñay", forma_cotejo="Con el original en papel",
    cotejado={"por": "Rosa Elvira Peñafiel", "el": "2026-03-12"}, reconocimiento={"firmas": []},
    recibido={"nombre": "ingles.pdf", "paginas": 1, "sha256": _SUM, "conservado": "identico"},
)  # fmt: skip


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        pki = open_demo_pki(Path(folder), "Universidad Nacional del Estuario")
        signing = load_signing(Config(**pki.settings()))
    ours, bare = _product(signing), _bare_loop(signing)
    for turn in range(2 * len(PAPERS)):
        ours(turn), bare(turn)
    pairs = [(_cpu(ours, turn), _cpu(bare, turn)) for turn in range(PAIRS)]
    value = 1 / statistics.median(own for own, _other in pairs)
    against = 1 / statistics.median(other for _own, other in pairs)
    ratio = statistics.median(other / own for own, other in pairs)
    return {
        "documents": {
            "value": round(value, 1),  # documents per second and core
            "against": round(against, 1),
            "ratio": round(ratio, 3),
            "goal": GOAL,
            "met": ratio >= GOAL and value >= PER_SECOND,
        }
    }


def _product(signing: Signing) -> Callable[[int], bytes]:
    bundles = [forms_of(process) for process, _template in PAPERS]

    def make(turn: int) -> bytes:
        paper = turn % len(PAPERS)
        pdf = render_pdf(bundles[paper], PAPERS[paper][1], _data(turn)).bytes
        return sign_pdf(pdf, signing.seal, signing, level="B-B", at=datetime.now(UTC), reason="Certificación")

    return make


def _bare_loop(signing: Signing) -> Callable[[int], bytes]:
    fonts = FontConfiguration()
    faces = CSS(string=font_face_rules(), font_config=fonts, url_fetcher=Fonts(FONTS))
    pages, sheets, fetchers = [], [], []
    for paper, (process, template) in enumerate(PAPERS):
        bundle = forms_of(process)
        html = [fill(environment(bundle), template, _data(paper + len(PAPERS) * n)) for n in range(len(NAMES))]
        fetchers.append(BundleFiles(bundle))
        parsed = [
            CSS(string=bundle[bundle_name(link)].decode(), base_url=BASE, url_fetcher=fetchers[-1])
            for link in _LINK.findall(html[0])
        ]
        sheets.append([faces, *parsed])
        pages.append([_LINK.sub("", one) for one in html])
    images: dict[str, Any] = {}

    def make(turn: int) -> bytes:
        paper = turn % len(PAPERS)
        page = pages[paper][turn // len(PAPERS) % len(NAMES)]
        source = HTML(string=page, base_url=BASE, url_fetcher=fetchers[paper])
        pdf = source.write_pdf(font_config=fonts, stylesheets=sheets[paper], cache=images, pdf_variant="pdf/a-2b")
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
    who = {"nombre": NAMES[turn // len(PAPERS) % len(NAMES)], "identidad": "0912345675", "tipo_identidad": "cedula"}
    return {**GIVEN, "tramite": {"numero": "SG-2026-000318", "solicitante": who}}


def _cpu(make: Callable[[int], bytes], turn: int) -> float:
    began = time.process_time()
    make(turn)
    return time.process_time() - began
