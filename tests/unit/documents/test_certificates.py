"""The certificates as paper: each kind is filled from what its diagram gives, holds long data, is signed where it ends."""

from __future__ import annotations

from typing import Any

import pytest

from engine.config import ROOT
from engine.documents import RenderedPdf, render_pdf
from tests.support.paper import data, forms_of

RECORD = {
    "identidad": "0912345675", "apellidos": "Ñáñez", "nombres": "María José", "carrera": "Ingeniería en Biotecnología",
    "facultad": "Facultad de Ciencias e Ingeniería", "modalidad": "Presencial", "estado": "Matriculado",
    "ingreso": "2023-I", "egreso": "", "escala": 100, "promedio": 91.47, "fuente": "Sistema académico", "carreras": [],
    "materias": [{"materia": "Biología general", "nota": 94}],
}  # fmt: skip
LONG_NAME = "María de los Ángeles Montserrat Sagñay-Güiracocha Quishpe de la Torre"
KINDS = [
    (process, file.name)
    for process, pattern in (("solicitar_certificacion", "certificacion_*"), ("solicitar_certificado", "certificado_*"))
    for file in sorted((ROOT / "forms" / process).glob(f"{pattern}.html"))
]


WITH_SUBJECTS = ("certificacion_cambio.html", "certificacion_record.html")


def made(process: str, template: str, name: str = "María José Ñáñez", **more: Any) -> RenderedPdf:
    who = {"nombre": name, "identidad": "0912345675", "tipo_identidad": "cedula"}
    given = {
        "tramite": {"numero": "SG-2026-000318", "solicitante": who}, "asunto": "Certificado", "tipo": "x",
        "tipo_otro": "no registra sanciones", "destino": "Universidad de Cuenca", "registro": RECORD, "texto": None,
        "observaciones": None, "logro": "Mejor promedio", "actividad": "Jornadas", "calidad": "ponente",
        "detalle": "Microscopía", "desde": "2026-05-11", "hasta": "2026-05-13", "horas": 24,
    }  # fmt: skip
    return render_pdf(forms_of(process), template, data(**{**given, **more}))


@pytest.mark.req("C-23", "C-35", "C-40")
@pytest.mark.parametrize(("process", "template"), KINDS, ids=lambda value: str(value))
def test_every_kind_has_its_place_for_the_signature_where_it_ends(process: str, template: str) -> None:
    pdf = made(process, template)
    assert pdf.signature_boxes["hueco"].page == pdf.pages - 1
    assert pdf.pages == (2 if template in WITH_SUBJECTS else 1)


@pytest.mark.req("C-40")
def test_a_long_record_goes_on_over_pages_and_is_signed_on_the_last() -> None:
    subjects = [{"codigo": f"BIO-{n}", "materia": f"Materia {n}", "periodo": "2024-I", "creditos": 4, "nota": 90.5,
                 "condicion": ""} for n in range(120)]  # fmt: skip
    pdf = made("solicitar_certificacion", "certificacion_record.html", registro={**RECORD, "materias": subjects})
    assert pdf.pages >= 5
    assert pdf.signature_boxes["hueco"].page == pdf.pages - 1


@pytest.mark.req("C-35")
def test_a_framed_certificate_with_the_longest_data_is_still_one_page() -> None:
    longest = {"actividad": "Gestión de cuencas " * 9, "observaciones": "Dictó además el taller. " * 10}
    pdf = made("solicitar_certificado", "certificado_actividad.html", LONG_NAME, destino="Ministerio " * 18, **longest)
    assert pdf.pages == 1
    texts = "integró el equipo que ganó el torneo universitario de debate de la región costa. " * 4
    assert made("solicitar_certificado", "certificado_personalizado.html", LONG_NAME, texto=texts).pages == 1


def test_a_record_without_average_or_subjects_says_so() -> None:
    bare = {**RECORD, "promedio": None, "materias": [], "facultad": "", "modalidad": ""}
    for _process, template in KINDS[:7]:
        assert made("solicitar_certificacion", template, registro=bare).pages <= 2
