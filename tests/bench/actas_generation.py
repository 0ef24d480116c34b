"""Files of actas made per second and core: the copies to fill in (Word and PDF form) of 1,000 actas of 21 students, and
the final PDF/A of some of them.

Against the bare libraries in the same run: docxtpl on the same model, and WeasyPrint on the finished HTML with the same
parsed sheets and fonts, neither fields nor conformance added. Both in processor time, in turns.
"""

from __future__ import annotations

import io
import re
import statistics
import time
from collections.abc import Callable
from typing import Any
from unicodedata import normalize

from docxtpl import DocxTemplate
from jinja2 import Environment
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from engine.actas.examen.printed import printed
from engine.actas.examen.word import word_acta
from engine.actas.examen.word_model import model
from engine.documents import render_form, render_pdf
from engine.documents.composer import BASE, BundleFiles, Fonts
from engine.documents.faces import FONTS, font_face_rules
from engine.documents.templates import bundle_name, environment, fill
from engine.operations.make_acta_files import form_fields
from tests.support.acta_papel import acta, given, templates

GOAL = 0.85
ACTAS, QUICK = 1_000, 40
FINAL = 5  # one final acta for so many copies
KINDS = 8  # different actas, in turn
_LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)">')

Make = Callable[[int], object]


def run(*, quick: bool = False) -> dict[str, Any]:
    files = templates()
    actas = [acta(long=turn % 4 == 0, folio=turn + 1, base=f"2026-L0012-F{turn + 1:04d}") for turn in range(KINDS)]
    shown = [printed(one) for one in actas]
    blank = [printed(one | {"filas": [_blank(row) for row in one["filas"]]}) for one in actas]
    bare = _Bare(files)
    copies = _html(files, "acta_cargar.html", blank)
    finals = _html(files, "acta.html", shown)
    many = QUICK if quick else ACTAS
    return {
        "actas_copies": _result(
            lambda turn: _copies(files, blank[turn]), lambda turn: bare.copies(blank[turn], copies[turn]), many
        ),
        "actas_final": _result(
            lambda turn: render_pdf(files, "acta.html", given(shown[turn])),
            lambda turn: bare.pdf(finals[turn], "pdf/a-2b"),
            many // FINAL,
        ),
    }


def _copies(files: dict[str, bytes], shown: dict[str, Any]) -> None:
    render_form(files, "acta_cargar.html", given(shown), form_fields(shown))
    word_acta(shown)


class _Bare:
    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.fetcher = BundleFiles(files)
        self.fonts = FontConfiguration()
        self.faces = CSS(string=font_face_rules(), font_config=self.fonts, url_fetcher=Fonts(FONTS))
        self.sheets: dict[str, CSS] = {}
        self.images: dict[str, Any] = {}
        self.model = model()

    def copies(self, shown: dict[str, Any], html: str) -> None:
        self.pdf(html, None)
        document = DocxTemplate(io.BytesIO(self.model))
        document.render({"acta": shown}, Environment(autoescape=True), autoescape=True)
        document.save(io.BytesIO())

    def pdf(self, html: str, variant: str | None) -> None:
        for link in _LINK.findall(html):
            if link not in self.sheets:
                text = self.files[bundle_name(link)].decode()
                self.sheets[link] = CSS(string=text, base_url=BASE + link, url_fetcher=self.fetcher)
        sheets = [self.faces, *(self.sheets[link] for link in _LINK.findall(html))]
        source = HTML(string=_LINK.sub("", html), base_url=BASE, url_fetcher=self.fetcher)
        source.write_pdf(font_config=self.fonts, stylesheets=sheets, cache=self.images, pdf_variant=variant)


def _html(files: dict[str, bytes], template: str, shown: list[dict[str, Any]]) -> list[str]:
    made = environment(files)
    return [normalize("NFC", fill(made, template, given(one))) for one in shown]


def _blank(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"calificacion": None, "letras": None, "ausente": False, "fecha": None}


def _result(ours: Make, bare: Make, many: int) -> dict[str, Any]:
    for turn in range(KINDS):
        ours(turn), bare(turn)
    pairs = [(_cpu(ours, turn % KINDS), _cpu(bare, turn % KINDS)) for turn in range(many)]
    ratio = statistics.median(other / own for own, other in pairs)
    return {
        "value": round(many / sum(own for own, _other in pairs), 2),  # actas per second and core
        "against": round(many / sum(other for _own, other in pairs), 2),
        "ratio": round(ratio, 3),
        "goal": GOAL,
        "met": ratio >= GOAL,
        "unit": f"actas/s a core, of {many}",
    }


def _cpu(make: Make, turn: int) -> float:
    began = time.process_time()
    make(turn)
    return time.process_time() - began
